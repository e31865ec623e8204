"""What ops.testing makes of layers, and what ops reads in a plan, for each line {"layers": [text, ...], "plan": text}."""

import json
import sys

from ops import pebble, testing

for line in sys.stdin:
    given = json.loads(line)
    layers = {str(n): pebble.Layer(text) for n, text in enumerate(given['layers'])}
    merged = testing.Container('web', layers=layers).plan
    print(json.dumps([merged.to_dict(), pebble.Plan(given['plan']).to_dict()]))
