"""``lca-service samples``: build the sample bank, and tell what is built."""

from __future__ import annotations

from typing import Annotated

import typer

from lca_service.errors import ClusterError
from lca_service.terminal import open_engine, read_settings, refuse

samples = typer.Typer(no_args_is_help=True, help="Samples of the inventory, for distributions.")


@samples.command()
def build(
    samples: Annotated[int, typer.Option(min=1, max=100_000, help="How many, from the first.")] = (
        1000
    ),
    seed: Annotated[int, typer.Option(min=0, help="Seed of the draws.")] = 0,
    scheduler: Annotated[
        str, typer.Option(help="Dask scheduler, such as tcp://10.0.0.5:8786; else this machine.")
    ] = "",
) -> None:
    """Build what is missing of the samples of a seed; may be stopped and started again."""
    engine = open_engine(read_settings())
    compute = None
    if scheduler:
        from lca_service.cluster import on_cluster  # here, because `--help` needs no matrices

        compute = on_cluster(scheduler, engine, seed)
    try:
        with typer.progressbar(length=samples, label=f"seed {seed}") as bar:
            bank = engine.build_samples(
                samples=samples,
                seed=seed,
                progress=lambda built: bar.update(min(built, samples) - bar.pos),
                compute=compute,
            )
    except ClusterError as error:
        refuse([str(error)])
    except OSError as error:
        refuse([f"{error.filename or 'samples'}: {error.strerror}"])
    report = bank.report(samples)
    typer.echo(
        f"{bank.folder}: {bank.n_samples} samples; factorized {report.factorized}, loops that "
        f"take as much as they make in {report.gain_passes_one}, "
        f"negative exchanges {report.negative_amounts}"
    )


@samples.command("list")
def list_banks() -> None:
    """Print the seeds of which samples are built, and how many."""
    for bank in open_engine(read_settings()).sample_banks:
        size = sum(path.stat().st_size for path in bank.folder.iterdir()) / 2**20
        typer.echo(f"seed {bank.seed}: {bank.n_samples} samples, {size:.0f} MiB")
