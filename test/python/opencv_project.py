"""Project points as OpenCV documents it (cv2.projectPoints, cv2.fisheye.projectPoints), with numpy alone.

Reads a JSON list of {K, rvec, t, dist, fisheye, points} and prints the list of their pixels, n x 2.
"""
import json
import sys

import numpy as np


def rotation(vector):
    """The matrix exponential, as a power series."""
    x, y, z = vector
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]], dtype=np.longdouble)
    total = term = np.eye(3, dtype=np.longdouble)
    for n in range(1, 60):
        term = term @ cross / n
        total = total + term
    return total


def pixels(K, rvec, t, dist, fisheye, points):
    p = np.array(points, dtype=np.longdouble) @ rotation(rvec).T + np.array(t)
    x, y = p[:, 0] / p[:, 2], p[:, 1] / p[:, 2]
    r = np.hypot(x, y)
    if fisheye:
        angle = np.arctan(r)
        bent = angle * (1 + sum(k * angle ** (2 * i + 2) for i, k in enumerate(dist)))
        scale = np.where(r > 0, bent / np.where(r > 0, r, 1), 1)
        u, v = x * scale, y * scale
    else:
        k1, k2, p1, p2, k3, k4, k5, k6, s1, s2, s3, s4 = list(dist) + [0] * (12 - len(dist))
        radial = (1 + k1 * r**2 + k2 * r**4 + k3 * r**6) / (1 + k4 * r**2 + k5 * r**4 + k6 * r**6)
        u = x * radial + 2 * p1 * x * y + p2 * (r**2 + 2 * x**2) + s1 * r**2 + s2 * r**4
        v = y * radial + p1 * (r**2 + 2 * y**2) + 2 * p2 * x * y + s3 * r**2 + s4 * r**4
    K = np.array(K)
    return np.stack([K[0, 0] * u + K[0, 1] * v + K[0, 2], K[1, 1] * v + K[1, 2]], axis=1)


print(json.dumps([pixels(**camera).astype(float).tolist() for camera in json.load(sys.stdin)]))
