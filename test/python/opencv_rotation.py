"""Print the nine numbers of the rotation matrix of a Rodrigues vector, given as JSON."""
import json
import sys

import numpy as np

x, y, z = json.loads(sys.argv[1])
cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]], dtype=np.longdouble)
total = term = np.eye(3, dtype=np.longdouble)
for n in range(1, 60):
    term = term @ cross / n
    total = total + term
print(json.dumps(total.astype(float).ravel().tolist()))
