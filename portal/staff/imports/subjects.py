"""What imports can be about."""

from collections.abc import Mapping

from portal.staff.imports.figures.writing import Figures
from portal.staff.imports.models import Subject
from portal.staff.imports.partners.writing import Partners
from portal.staff.imports.targets import Target

TARGETS: Mapping[Subject, Target] = {Subject.PARTNERS: Partners(), Subject.FIGURES: Figures()}


def target_of(subject: Subject) -> Target:
    return TARGETS[subject]
