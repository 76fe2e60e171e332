"""Reads a folder of runs with TensorBoard's own code and prints what it finds as JSON.

    python read-events.py RUNS

For each run with events, under its path: what EventAccumulator holds after a reload (scalars and images as it keeps them
for its tabs), the kinds of events in its files, and the rows that the HParams tab asks for.
"""

import json
import os
import sys

from tensorboard import context
from tensorboard.backend.event_processing import data_provider, event_accumulator, event_file_loader
from tensorboard.backend.event_processing import plugin_event_multiplexer
from tensorboard.plugins import base_plugin
from tensorboard.plugins.hparams import api_pb2, backend_context, get_experiment, list_session_groups

runs = sys.argv[1]
multiplexer = plugin_event_multiplexer.EventMultiplexer()
multiplexer.AddRunsFromDirectory(runs)
multiplexer.Reload()
provider = data_provider.MultiplexerDataProvider(multiplexer, runs)
hparams = backend_context.Context(base_plugin.TBContext(data_provider=provider, logdir=runs))
request = api_pb2.ListSessionGroupsRequest(
    start_index=0,
    slice_size=100,
    allowed_statuses=[api_pb2.STATUS_UNKNOWN, api_pb2.STATUS_SUCCESS, api_pb2.STATUS_FAILURE, api_pb2.STATUS_RUNNING],
)
experiment = get_experiment.Handler(
    context.RequestContext(), hparams, "", api_pb2.GetExperimentRequest()
).run()
# The tab asks for the columns that it has found.
for metric in experiment.metric_infos:
    request.col_params.add(metric=metric.name)
for info in experiment.hparam_infos:
    request.col_params.add(hparam=info.name)
groups = list_session_groups.Handler(context.RequestContext(), hparams, "", request).run()


def value_of(value):
    return getattr(value, value.WhichOneof("kind"))


def of_run(name):
    folder = os.path.join(runs, name)
    accumulator = event_accumulator.EventAccumulator(folder, size_guidance={"scalars": 0, "images": 0})
    accumulator.Reload()
    tags = accumulator.Tags()
    files = [
        [event.WhichOneof("what") for event in event_file_loader.EventFileLoader(os.path.join(folder, file)).Load()]
        for file in sorted(os.listdir(folder))
    ]
    return {
        "scalars": {tag: [[e.step, e.value] for e in accumulator.Scalars(tag)] for tag in tags["scalars"]},
        "images": {
            tag: [[e.step, e.width, e.height, e.encoded_image_string[1:4].decode()] for e in accumulator.Images(tag)]
            for tag in tags["images"]
        },
        "files": files,
    }


print(
    json.dumps(
        {
            "runs": {name: of_run(name) for name in sorted(multiplexer.Runs())},
            "hparams": [
                {
                    "run": session.name,
                    "status": api_pb2.Status.Name(session.status),
                    "params": {name: value_of(value) for name, value in group.hparams.items()},
                    "metrics": {metric.name.tag: [metric.training_step, metric.value] for metric in session.metric_values},
                }
                for group in groups.session_groups
                for session in group.sessions
            ],
        }
    )
)
