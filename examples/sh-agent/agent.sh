#!/bin/sh
# A Foretide agent of sh and mosquitto_pub (Debian: mosquitto-clients), after docs/wire.md.
# Usage: agent.sh GROUP INSTANCE [mqtt://BROKER[:PORT]], or FORETIDE_GROUP, FORETIDE_INSTANCE and
# FORETIDE_BROKER. A login or certificates: as options of mosquitto_pub, in ~/.config/mosquitto_pub.
group=${1:-$FORETIDE_GROUP} instance=${2:-$FORETIDE_INSTANCE}
topic=${3:-${FORETIDE_BROKER:-mqtt://127.0.0.1}}/foretide/v1/$group/$instance
fail() { echo "agent.sh: $1" >&2; exit 2; }
[ -n "$group" ] && [ -n "$instance" ] || fail 'usage: agent.sh GROUP INSTANCE [mqtt://BROKER]'
case $group$instance in *[!A-Za-z0-9._~%-]*) fail "percent-encode '$group', '$instance'" ;; esac
command -v mosquitto_pub > /dev/null || fail 'no mosquitto_pub: apt-get install mosquitto-clients'

status() { printf '{"state":"%s","session":"%s","intervalMs":1000}' "$1" "$session"; }
tell() { mosquitto_pub -L "$topic/status" -q 1 -r -m "$(status "$1")"; }
read_cpu() { # Clock ticks since boot. Guest time is in user time already.
  read -r _ user nice system idle wait interrupt soft _ < /proc/stat
  busy=$((user + nice + system + interrupt + soft)) all=$((busy + idle + wait))
}
reports() { # No ageMs: a sample goes out as soon as it is taken or, at QoS 0, not at all.
  read_cpu
  while busy_before=$busy all_before=$all && sleep 1 && kill -0 $$ 2> /dev/null; do
    read_cpu # in thousandths below; the idle time may go back by a tick
    span=$((all - all_before)) cpu=1000 sequence=$((sequence + 1))
    [ $((busy - busy_before)) -ge $span ] || cpu=$(((busy - busy_before) * 1000 / span))
    while read -r name _ _ _ _ _ _ _ _ count _; do # the second line "Tcp:" has the numbers
      [ "$name" != Tcp: ] || connections=$count
    done < /proc/net/snmp
    while read -r name kib _; do [ "$name" != MemAvailable: ] || free=$kib; done < /proc/meminfo
    printf '{"signals":{"cpu":%de-3,"connections":%d,"memoryAvailableBytes":%d},' $cpu \
      "$connections" $((free * 1024)) || return
    printf '"sequence":%d,"session":"%s","intervalMs":1000}\n' $sequence "$session" || return
  done
}
trap 'kill $! 2> /dev/null; wait; tell offline; exit 0' INT TERM
while sleep 1; session=$(date +%s)-$$; do # a session for each start of `reports`
  tell online || continue
  reports | mosquitto_pub -L "$topic/report" -l --will-topic "${topic#*://*/}/status" --will-qos 1 \
    --will-retain --will-payload "$(status lost)" &
  wait $!
done
