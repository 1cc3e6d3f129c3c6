"""Prints what pycocotools reads from a COCO file, and its scores when the file is both truth and result."""

import contextlib
import io
import json
import sys

from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

path, kind = sys.argv[1:]
with contextlib.redirect_stdout(io.StringIO()):
  coco = COCO(path)
  annotations = coco.loadAnns(coco.getAnnIds())
  results = [{**{key: one[key] for key in ('image_id', 'category_id', 'bbox')}, 'score': one.get('score', 1.0)} for one in annotations]
  if kind == 'keypoints': results = [{**result, 'keypoints': one['keypoints']} for result, one in zip(results, annotations)]
  evaluation = COCOeval(coco, coco.loadRes(results), 'keypoints' if kind == 'keypoints' else 'bbox')
  if kind == 'keypoints': evaluation.params.kpt_oks_sigmas = evaluation.params.kpt_oks_sigmas[:len(annotations[0]['keypoints']) // 3]
  evaluation.evaluate()
  evaluation.accumulate()
  evaluation.summarize()
print(json.dumps({
  'images': [[image['id'], image['file_name']] for image in coco.loadImgs(coco.getImgIds())],
  'categories': [category['name'] for category in coco.loadCats(coco.getCatIds())],
  'annotations': [[one['image_id'], one['bbox'], one.get('keypoints')] for one in annotations],
  'precision': evaluation.stats[0],
}))
