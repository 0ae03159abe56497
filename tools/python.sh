#!/bin/sh
# Print the first Python that can run the portal. With --explain: say how to get one when there is none.

suits() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

has_venv() {
    "$1" -c 'import ensurepip, venv' 2>/dev/null
}

old=""
bare=""
for name in python3 python3.13 python3.12 python3.11 python3.14; do
    command -v "$name" >/dev/null 2>&1 || continue
    if ! suits "$name"; then
        old=$name
    elif ! has_venv "$name"; then
        bare=$name
    else
        [ "$1" = "--explain" ] || echo "$name"
        exit 0
    fi
done

[ "$1" = "--explain" ] || exit 0

if command -v apt-get >/dev/null 2>&1; then
    install="apt-get update && apt-get install -y python3 python3-venv"
elif command -v dnf >/dev/null 2>&1; then
    install="dnf install -y python3.13"
elif command -v apk >/dev/null 2>&1; then
    install="apk add python3"
elif command -v brew >/dev/null 2>&1; then
    install="brew install python@3.13"
else
    install="your system's package manager, or the installer of the Python project"
fi

if [ -n "$bare" ]; then
    echo "$bare lacks its venv module. Install it with: $install" >&2
elif [ -n "$old" ]; then
    echo "The portal needs Python 3.11 or newer and found only an older one. Install it with: $install" >&2
else
    echo "The portal needs Python 3.11 or newer and found none. Install it with: $install" >&2
fi
exit 1
