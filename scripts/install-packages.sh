#!/bin/sh
# Installs the named Debian packages and leaves no service of theirs running or enabled. Run as root.
set -eu

# Another file only where a test looks on.
policy=${FORETIDE_POLICY_FILE:-/usr/sbin/policy-rc.d}
folder=$(mktemp -d)
made_policy=no

finish() {
  [ "$made_policy" = no ] || rm -f "$policy"
  rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT TERM HUP

installed() {
  dpkg-query --show --showformat '${db:Status-Abbrev} ${Package}\n' | sed -n 's/^ii *//p' | sort
}

# The hook by which a package's scripts ask whether they may start a service. One that is there
# already belongs to the machine's owner and stays.
if [ ! -e "$policy" ]; then
  made_policy=yes
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
fi

export DEBIAN_FRONTEND=noninteractive
add() {
  apt-get -qq -o DPkg::Lock::Timeout=120 install --yes --no-install-recommends "$@" \
    </dev/null >"$folder/log" 2>&1
}

installed >"$folder/before"
# The lists may be missing (a fresh container) or older than the archive: then they are renewed once.
if ! add "$@" && ! { apt-get -qq update && add "$@"; }; then
  cat "$folder/log" >&2
  exit 1
fi
installed >"$folder/after"

# Services of every package that is new, those that came along included.
comm -13 "$folder/before" "$folder/after" | xargs -r dpkg --listfiles | sort -u |
  sed -n -e 's|^\(/usr\)\{0,1\}/lib/systemd/system/\([^@/]*\)\.service$|\2|p' -e 's|^/etc/init\.d/||p' |
  sort -u >"$folder/services"
while read -r service; do
  if [ -d /run/systemd/system ]; then
    systemctl --quiet stop "$service"
  elif [ -x "/etc/init.d/$service" ]; then
    "/etc/init.d/$service" stop >/dev/null
  fi
  if command -v systemctl >/dev/null; then
    systemctl --quiet disable "$service" 2>"$folder/log" || { cat "$folder/log" >&2 && exit 1; }
  fi
done <"$folder/services"
