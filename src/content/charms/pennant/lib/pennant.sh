# What the hooks have in common. Each hook sources this file, with the charm's directory as its working directory.

# The number in a file of the state folder, 0 before there is one.
number() {
  cat "state/$1" 2>/dev/null || echo 0
}

# Listens on a port, and no longer on the one before.
# Juju opens and closes ports when the hook has ended well; the file is written at once.
listen_on() {
  local before
  before=$(number port)
  open-port "$1/tcp"
  if [ "$before" != 0 ] && [ "$before" != "$1" ]; then
    close-port "$before/tcp"
  fi
  echo "$1" > state/port
}

# Prints the motto as a pennant: in large letters when they are wanted and can be had.
draw() {
  if [ "$(config-get fancy)" = True ]; then
    if apt-get install --yes figlet >&2; then
      figlet "$1"
      return
    fi
    juju-log --log-level WARNING "figlet cannot be installed: small letters it is"
  fi
  echo "~~ $1 ~~"
}

# Lights the pennant at night, where the machine has a lamp.
light() {
  [ "$(config-get lit)" = True ] || return 0
  modprobe leds-gpio || juju-log --log-level WARNING "no lamp: the pennant stays dark"
}

# Tells every crew what is flying, and, as its leader, for whom.
tell_crew() {
  local relation
  for relation in $(relation-ids crew); do
    relation-set -r "$relation" "motto=$1"
    if [ "$(is-leader)" = True ]; then
      relation-set -r "$relation" --app "flagship=$JUJU_UNIT_NAME"
    fi
  done
}

# The status the unit deserves: a motto flies once the unit has started.
report() {
  if [ ! -s state/pennant ]; then
    status-set blocked "set a motto to fly"
  elif [ ! -e state/started ]; then
    status-set waiting "the pennant is drawn and waits for start"
  else
    status-set active "flying \"$(cat state/motto)\""
  fi
}
