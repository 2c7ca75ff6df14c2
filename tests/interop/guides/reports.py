"""Read the reports of a project."""

import wandb

for report in wandb.Api().reports("alice/mnist"):
    print(report.name, report.display_name, report.description, report.url.rpartition("/")[2])
    print([block["type"] for block in report.spec["blocks"]])
