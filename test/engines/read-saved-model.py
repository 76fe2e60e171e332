"""Loads a SavedModel and a GraphDef that saurun wrote, runs one evaluation, prints its output as JSON.

    python read-saved-model.py FOLDER

FOLDER holds saved_model.pb, graph.pb and inputs.json: {"values": {name: {shape, data, kernel}}, "images": bytes}.
"""

import json
import os
import sys

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow as tf

folder = sys.argv[1]
with open(os.path.join(folder, "inputs.json")) as file:
    inputs = json.load(file)

graph = tf.compat.v1.GraphDef()
with open(os.path.join(folder, "graph.pb"), "rb") as file:
    graph.ParseFromString(file.read())
with tf.Graph().as_default():
    tf.import_graph_def(graph, name="")


def stored(value):
    array = np.array(value["data"], np.float32).reshape(value["shape"])
    return array.transpose(2, 3, 1, 0) if value["kernel"] else array


packed = np.frombuffer(bytes(inputs["images"]), np.int32)
with tf.compat.v1.Session(graph=tf.Graph()) as session:
    model = tf.compat.v1.saved_model.load(session, ["serve"], folder)
    write, evaluate = model.signature_def["write"], model.signature_def["evaluate:0"]
    feeds = {write.inputs[name].name: stored(value) for name, value in inputs["values"].items()}
    session.run([tensor.name for tensor in write.outputs.values()], feeds)
    output = session.run(evaluate.outputs["output"].name, {evaluate.inputs["images"].name: packed})
print(json.dumps({"output": output.flatten().tolist(), "nodes": len(graph.node)}))
