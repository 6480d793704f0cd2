#!/bin/sh
# Makes the namespace; again, it sets its retention alone. TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE and
# RETENTION are in the environment. Search attributes are made by the workers.
set -eu

# Tries for two minutes what the server does not know at once.
patiently() {
  tries=0
  until "$@" >/dev/null 2>&1; do
    tries=$((tries + 1))
    if [ "$tries" -ge 60 ]; then
      "$@"
      return
    fi
    sleep 2
  done
}

patiently temporal operator cluster health
if temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1; then
  temporal operator namespace update --namespace "$TEMPORAL_NAMESPACE" --retention "$RETENTION"
else
  temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention "$RETENTION"
fi
# It is in the database at once, and in the memory of the server some seconds later.
patiently temporal workflow list --namespace "$TEMPORAL_NAMESPACE" --limit 1
