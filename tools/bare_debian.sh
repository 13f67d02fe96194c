#!/usr/bin/env bash
# Proof that dev.py needs nothing: a fresh Debian 12 in a folder, a clone of HEAD in it, and
# the commands given (default: the two of the README) run there as a newcomer would run them.
#
#   tools/bare_debian.sh [-d FOLDER] [COMMAND...]     e.g.  tools/bare_debian.sh test demo
#
# Needs root, debootstrap and git. Of this machine it takes only how it reaches Debian's
# packages and Python's: apt's sources, name resolution, certificates, pip's settings. The one
# thing installed before dev.py runs is Debian's python3. The folder is kept for a look.
set -euo pipefail

folder=$(mktemp -d /var/tmp/anxue-bare.XXXXXX)
while getopts d: option; do
    case $option in
        d) folder=$OPTARG ;;
        *) exit 2 ;;
    esac
done
shift $((OPTIND - 1))
[ $# -gt 0 ] || set -- demo test
repo=$(git -C "$(dirname "$0")/.." rev-parse --show-toplevel)
say() { printf '\n== %s\n' "$*"; }

if [ ! -e "$folder/etc/debian_version" ]; then
    say "Debian 12 into $folder"
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Codename: bookworm' | head -n 1)
    debootstrap --variant=minbase bookworm "$folder" "$mirror" >"$folder.debootstrap.log" 2>&1 || {
        tail -n 5 "$folder.debootstrap.log"
        exit 1
    }
    rm -f "$folder/etc/apt/sources.list"
    for name in /etc/apt/sources.list /etc/apt/sources.list.d /etc/apt/trusted.gpg.d \
        /etc/apt/apt.conf.d/99* /etc/resolv.conf /etc/hosts /etc/pip.conf /etc/ssl/certs \
        /usr/local/share/ca-certificates; do
        if [ -e "$name" ]; then
            mkdir -p "$folder$(dirname "$name")"
            cp -rL "$name" "$folder$(dirname "$name")/"
        fi
    done
fi

say "a clone of $(git -C "$repo" log -1 --format='%h %s')"
rm -rf "$folder/root/anxue"
git clone --quiet --no-hardlinks "$repo" "$folder/root/anxue"

# Only what is needed to reach the network is handed on.
handed=()
for name in SSL_CERT_FILE PIP_CERT http_proxy https_proxy no_proxy PIP_INDEX_URL UV_DEFAULT_INDEX; do
    [ -z "${!name:-}" ] || handed+=("$name=${!name}")
done

inside() { # the mounts live in a namespace of their own and go with it
    unshare --mount --pid --fork --kill-child bash -c '
        folder=$1; shift
        mount --rbind /dev "$folder/dev"
        mount -t proc proc "$folder/proc"
        exec chroot "$folder" "$@"' - "$folder" \
        env -i HOME=/root PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 TERM=dumb "${handed[@]}" "$@"
}

say "python3, the one thing dev.py takes for granted"
inside sh -ec 'command -v python3 >/dev/null || {
    apt-get -qq update
    DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends -y python3 >/dev/null 2>&1
}; python3 --version; dpkg-query -W | wc -l'

for command in "$@"; do
    say "python3 dev.py $command"
    start=$(date +%s)
    inside sh -c "cd /root/anxue && exec python3 dev.py $command" </dev/null
    say "python3 dev.py $command: $(($(date +%s) - start)) s"
done
say "all passed; the folder is $folder"
