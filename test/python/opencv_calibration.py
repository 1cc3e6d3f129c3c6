"""Writes calibration files with OpenCV's FileStorage, and prints the pixels of points by cv2.projectPoints."""

import json
import sys

import cv2
import numpy as np

given = json.load(sys.stdin)
for path in given['paths']:
  storage = cv2.FileStorage(path, cv2.FILE_STORAGE_WRITE)
  storage.write('image_width', given['size'][0])
  storage.write('image_height', given['size'][1])
  storage.write('camera_matrix', np.array(given['K']))
  storage.write('distortion_coefficients', np.array([given['dist']]))
  if given['fisheye']: storage.write('fisheye', 1)
  storage.write('R', cv2.Rodrigues(np.array(given['rvec']))[0])
  storage.write('T', np.array([given['t']]).T)
  storage.release()
points = np.array(given['points']).reshape(-1, 1, 3)
arguments = [np.array(given[name], dtype=float) for name in ('rvec', 't', 'K', 'dist')]
if given['fisheye']: pixels, _ = cv2.fisheye.projectPoints(points, *arguments)
else: pixels, _ = cv2.projectPoints(points, *arguments)
print(json.dumps(pixels.reshape(-1).tolist()))
