"""Whoosh as the keeper of terms and texts; ranking, counting and excerpts are ours.

Of Whoosh 2.7.4 we use the writer, the segments and the posting lists. Its query parser,
searcher and collectors stay out: every defect listed in docs/adr/002-search-behind-a-neutral-protocol.md sits there
(wrong top tens with a limit, endless loops, filters that time limits ignore), and scoring
posting by posting in Python is what made it slow.
"""
# ruff: noqa: SLF001  a block of postings can be read whole only through private members; the version is pinned

import hashlib
import json
import threading
import time
from array import array
from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from math import log
from pathlib import Path
from typing import Any

import numpy as np
from whoosh import columns, fields, formats, index
from whoosh.codec.whoosh3 import W3Codec
from whoosh.reading import SegmentReader, TermNotFound

from portal.search.documents import Document
from portal.search.engines.base import DIMENSIONS, EngineFault
from portal.search.engines.facets import Column, Vocabulary
from portal.search.engines.fields import NAME, STORED, TEXT_FIELDS, WEIGHTS, form_in, kept_texts
from portal.search.engines.ranking import Postings, RankingReader
from portal.search.text import fold_name, forms, words

VERSION = 2
"""Raise it when analysis or schema change: every index is then rebuilt by itself."""

OPEN_ATTEMPTS = 3
MAX_EXPANSIONS = 32
CACHED_POSTINGS = 4_000_000
BLOCK = 512
TIER = 8
SEGMENTS_IN_TIER = 4
MAX_DELETED_SHARE = 0.3


class Places(formats.Positions):
    """Where a term stands in a document, as plain numbers: a quarter of the size of Whoosh's pickles."""

    def encode(self, positions: Sequence[int]) -> bytes:
        return array("I", positions).tobytes()

    def decode_positions(self, value: bytes) -> list[int]:
        return array("I", value).tolist()


class _Codec(W3Codec):
    """Whoosh's own format without field lengths, which our records hold: it would look for a file at each posting."""

    length_stats = False


class AnalysedText(fields.FieldType):
    """A Whoosh field whose terms come from `portal.search.text`. Several texts are kept apart."""

    GAP = 100

    def __init__(self, field: str) -> None:
        super().__init__(Places(), None)
        self.field = field

    def index(self, value: Sequence[str], **_: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        places: dict[str, list[int]] = {}
        start = 0
        for text in value:
            position = start
            for position, word in enumerate(words(text), start):
                if term := form_in(self.field, forms(word)):
                    places.setdefault(term, []).append(position)
            start = position + self.GAP
        for term, positions in places.items():
            yield term.encode(), len(positions), float(len(positions)), self.format.encode(positions)


def _schema() -> fields.Schema:
    return fields.Schema(
        key=fields.ID(unique=True),
        exact=fields.KEYWORD(commas=True),
        record=fields.COLUMN(columns.VarBytesColumn()),
        text=fields.STORED(),
        **{field: AnalysedText(field) for field in TEXT_FIELDS},
    )


class WhooshEngine:
    """Keeps an index of Whoosh segments in a folder of its own."""

    name = "whoosh"
    schema = hashlib.sha256(f"{VERSION}:{sorted(WEIGHTS)}:{STORED}:{DIMENSIONS}".encode()).hexdigest()

    def create(self, folder: Path) -> "WhooshWriter":
        folder.mkdir(parents=True)
        return WhooshWriter(index.create_in(str(folder), _schema()), limitmb=256)

    def change(self, folder: Path, replaced: Iterable[str], previous: Any = None) -> "WhooshWriter":
        try:
            writer = WhooshWriter(index.open_dir(str(folder)), limitmb=64)
        except Exception as error:
            raise EngineFault(f"the index cannot be changed: {error}") from error
        writer.remove(replaced, previous if isinstance(previous, WhooshReader) else None)
        return writer

    def open(self, folder: Path, previous: Any = None) -> "WhooshReader":
        for attempt in range(OPEN_ATTEMPTS):
            try:
                return WhooshReader(
                    index.open_dir(str(folder)), previous if isinstance(previous, WhooshReader) else None
                )
            except Exception as error:
                # Another process may just be replacing its segments; a damaged file raises anything at all.
                if attempt + 1 == OPEN_ATTEMPTS:
                    raise EngineFault(f"the index cannot be opened: {error!r}") from error
                time.sleep(0.02 * (attempt + 1))
        raise AssertionError

    def files(self, folder: Path) -> Mapping[str, int]:
        if not folder.is_dir():
            return {}
        found = {}
        for path in folder.iterdir():
            if path.suffix != ".tmp" and not path.name.endswith("WRITELOCK"):
                try:
                    found[path.name] = path.stat().st_size
                except FileNotFoundError:
                    continue
        return found


class WhooshWriter:
    """One change to an index."""

    def __init__(self, opened: Any, limitmb: int) -> None:
        # Not as compound files: Whoosh copies those into memory, whole, whenever it opens them.
        self._writer = opened.writer(
            limitmb=limitmb, timeout=5.0, compound=False, codec=_Codec(blocklimit=BLOCK, compression=0)
        )

    def put(self, document: Document) -> None:
        texts = kept_texts(document)
        names = [name for name in (texts["title_da"], texts["title_en"]) if name]
        names += texts["names"]
        self._writer.add_document(
            key=document.key,
            exact=",".join(sorted({folded for name in names if (folded := fold_name(name))})),
            name=_distinct(names),
            record=_record(document, names, texts),
            text=tuple(texts[name] for name in STORED),
            **{field: [texts[field]] for field in TEXT_FIELDS if field != NAME},
        )

    def remove(self, keys: Iterable[str], known: "WhooshReader | None") -> None:
        # By number: Whoosh's own update opens a searcher, and so every segment, for each document.
        wanted = set(keys)
        first = 0
        for segment in self._writer.segments:
            for number in self._numbers(segment, wanted, known):
                self._writer.delete_document(first + number)
            first += segment.doc_count_all()

    def _numbers(self, segment: Any, keys: set[str], known: "WhooshReader | None") -> list[int]:
        """The numbers of the documents in a segment that have one of the keys."""
        if known and (part := known.segment(segment.segment_id())):
            return [part.number_of[key] for key in keys & part.number_of.keys()]
        leaf = SegmentReader(self._writer.storage, self._writer.schema, segment)
        try:
            return [number for key in keys for number in _with_key(leaf, key)]
        finally:
            leaf.close()

    def commit(self) -> None:
        self._writer.commit(mergetype=_merge)

    def cancel(self) -> None:
        self._writer.cancel()


def _distinct(names: Iterable[str]) -> list[str]:
    """Names that differ once folded: the same one in both languages must not count twice."""
    return list({fold_name(name): name for name in names}.values())


def _record(document: Document, names: Sequence[str], texts: Mapping[str, Any]) -> bytes:
    """A document's column: what filters, sorts and weighs it, read once for each segment."""
    lengths = [len(words(" ".join(_distinct(names)) if field == NAME else texts[field])) for field in TEXT_FIELDS]
    values = [
        [document.kind],
        document.themes,
        document.partners,
        document.municipalities,
        [str(year) for year in document.years],
    ]
    day = document.date.toordinal() if document.date else 0
    return json.dumps([document.key, document.version, day, values, lengths], separators=(",", ":")).encode()


def _with_key(leaf: Any, key: str) -> list[int]:
    """The numbers of one segment's documents with a key, deleted ones left out."""
    try:
        return list(leaf.postings("key", key).all_ids())
    except TermNotFound:
        return []


def _merge(writer: Any, segments: list[Any]) -> list[Any]:
    """Fold segments of like size together once there are four, and rewrite one that is mostly deletions.

    A change then costs as much as it is large, not as the index is. Whoosh's own policy never
    cleans a large segment, however much of it is deleted.
    """
    tiers: dict[int, list[Any]] = {}
    for segment in segments:
        tiers.setdefault(int(log(max(segment.doc_count(), 1), TIER)), []).append(segment)
    chosen = [segment for tier in tiers.values() if len(tier) >= SEGMENTS_IN_TIER for segment in tier]
    chosen += [
        segment
        for segment in segments
        if segment not in chosen and segment.deleted_count() > MAX_DELETED_SHARE * segment.doc_count_all()
    ]
    for segment in chosen:
        if segment.doc_count() > 0:
            reader = SegmentReader(writer.storage, writer.schema, segment)
            writer.add_reader(reader)
            reader.close()
    return [segment for segment in segments if segment not in chosen]


class _Segment:
    """A segment's columns and posting lists. Segments never change, so this is shared by index generations."""

    def __init__(self, leaf: Any, vocabularies: Mapping[str, Vocabulary]) -> None:
        self.leaf = leaf
        self.size: int = leaf.doc_count_all()
        self.keys: list[str] = []
        self.versions: list[int] = []
        days: list[int] = []
        lengths: list[list[int]] = []
        pairs: dict[str, tuple[list[int], list[int]]] = {dimension: ([], []) for dimension in DIMENSIONS}
        column = leaf.column_reader("record")
        for number in range(self.size):
            key, version, day, values, measured = json.loads(column[number])
            self.keys.append(key)
            self.versions.append(version)
            days.append(day)
            lengths.append(measured)
            for dimension, of_one in zip(DIMENSIONS, values, strict=True):
                documents, numbers = pairs[dimension]
                for value in dict.fromkeys(of_one):
                    documents.append(number)
                    numbers.append(vocabularies[dimension].number(value))
        self.days = np.array(days, dtype=np.int64)
        self.lengths = np.array(lengths, dtype=np.float64).reshape(self.size, len(TEXT_FIELDS))
        self.columns = {dimension: Column(*pair) for dimension, pair in pairs.items()}
        self.number_of = {key: number for number, key in enumerate(self.keys)}
        self._cache: OrderedDict[tuple[str, str], Postings] = OrderedDict()
        self._cached = 0
        # Whoosh reads through a file position; two threads would move it under each other.
        self._lock = threading.Lock()

    def postings(self, field: str, term: str) -> Postings:
        """Document numbers and frequencies, deleted documents included."""
        with self._lock:
            found = self._cache.get((field, term))
            if found is not None:
                self._cache.move_to_end((field, term))
                return found
            found = self._read(field, term)
            self._cache[field, term] = found
            self._cached += len(found[0]) + 16
            while self._cached > CACHED_POSTINGS:
                _, dropped = self._cache.popitem(last=False)
                self._cached -= len(dropped[0]) + 16
            return found

    def _read(self, field: str, term: str) -> Postings:
        numbers: list[int] = []
        frequencies: list[float] = []
        for matcher in self._blocks(field, term):
            numbers.extend(matcher._ids)
            frequencies.extend(matcher._weights)
        return np.array(numbers, dtype=np.int64), np.array(frequencies, dtype=np.float64)

    def _blocks(self, field: str, term: str) -> Iterator[Any]:
        """The matcher, standing on each block of a posting list; a whole block costs what one posting would."""
        schema_field = self.leaf.schema[field]
        try:
            matcher = self.leaf._terms.matcher(field, term.encode(), schema_field.format)
        except TermNotFound:
            return
        while matcher.is_active():
            matcher.id()
            matcher.weight()
            yield matcher
            matcher._next_block()

    def positions(self, field: str, term: str, wanted: Collection[int]) -> dict[int, set[int]]:
        """Where a term stands in the wanted documents."""
        decode = self.leaf.schema[field].format.decode_positions
        found = {}
        with self._lock:
            for matcher in self._blocks(field, term):
                if matcher._ids[-1] < min(wanted):
                    continue
                matcher.value()
                for number, value in zip(matcher._ids, matcher._values, strict=True):
                    if number in wanted:
                        found[number] = set(decode(value))
        return found

    def beginning_with(self, field: str, prefix: str) -> list[str]:
        """Terms of a field that begin so, at most MAX_EXPANSIONS."""
        found = []
        with self._lock:
            for term in self.leaf.expand_prefix(field, prefix):
                found.append(term.decode())
                if len(found) == MAX_EXPANSIONS:
                    break
        return found

    def within(self, field: str, word: str, distance: int) -> list[str]:
        """Terms with the same first letter that differ in at most `distance` letters."""
        with self._lock:
            return list(self.leaf.terms_within(field, word, distance, prefix=1))

    def stored(self, number: int) -> Document:
        """The document as it was indexed, without its filter values."""
        with self._lock:
            values = dict(zip(STORED, self.leaf.stored_fields(number)["text"], strict=True))
        day = int(self.days[number])
        return Document(**values, date=date.fromordinal(day) if day else None)


class WhooshReader(RankingReader):
    """An opened index: all columns in memory, posting lists as they are asked for."""

    def __init__(self, opened: Any, previous: "WhooshReader | None") -> None:
        vocabularies = previous._vocabularies if previous else {name: Vocabulary() for name in DIMENSIONS}
        known = previous._segments if previous else {}
        self._segments: dict[str, _Segment] = {}
        live = []
        contents = opened._read_toc()
        for segment in contents.segments:
            part = known.get(segment.segment_id()) or _Segment(
                SegmentReader(opened.storage, contents.schema, segment), vocabularies
            )
            self._segments[segment.segment_id()] = part
            alive = np.ones(part.size, dtype=np.bool_)
            alive[np.fromiter(segment.deleted_docs(), dtype=np.int64)] = False
            live.append(alive)
        super().__init__(list(zip(self._segments.values(), live, strict=True)), vocabularies)

    def segment(self, segment_id: str) -> _Segment | None:
        """A segment this reader has opened."""
        return self._segments.get(segment_id)

    def verify(self) -> None:
        try:
            for part in self._segments.values():
                _verify(part)
        except Exception as error:
            raise EngineFault(f"the index is damaged: {error!r}") from error


def _verify(part: _Segment) -> None:
    for field, term in part.leaf.all_terms():
        part._read(field, term.decode())
    for number in range(part.size):
        part.stored(number)
