"""Runs exported models of one head and prints what they give and say about themselves as JSON.

    python read-exported.py FOLDER

FOLDER holds inputs.json ([[count, bytes], ...], images of 8x8x3), and for NAME in logits, embedding: NAME.onnx, and the
SavedModel NAME where TensorFlow is there.
"""

import importlib.util
import json
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import onnxruntime

folder = sys.argv[1]
with open(os.path.join(folder, "inputs.json")) as file:
    batches = [np.array(data, np.uint8).reshape(count, 8, 8, 3) for count, data in json.load(file)]

answer = {"onnxruntime": {}, "tensorflow": None, "metadata": {}}
for name in ("logits", "embedding"):
    session = onnxruntime.InferenceSession(
        os.path.join(folder, name + ".onnx"), providers=["CPUExecutionProvider"]
    )
    outputs = [output.name for output in session.get_outputs()]
    answer["metadata"][name] = session.get_modelmeta().custom_metadata_map
    answer["onnxruntime"][name] = [
        {key: value.flatten().tolist() for key, value in zip(outputs, session.run(outputs, {"images": images}))}
        for images in batches
    ]

if importlib.util.find_spec("tensorflow") is not None:
    import tensorflow as tf

    answer["tensorflow"] = {}
    for name in ("logits", "embedding"):
        serve = tf.saved_model.load(os.path.join(folder, name)).signatures["serving_default"]
        answer["tensorflow"][name] = [
            {key: value.numpy().flatten().tolist() for key, value in serve(images=tf.constant(images)).items()}
            for images in batches
        ]
print(json.dumps(answer))
