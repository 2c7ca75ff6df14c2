"""For tests of code that asks a W&B server: a real one in this process, without a network or an account.

    from wandql.testing import Server

    with Server() as server:
        server.add_runs("mnist", 20)
        assert len(server.api().runs("mnist")) == 20

A `Recorder` keeps what a server answers in a file, and a `Player` answers from it, without the server.

pytest has a server as the fixtures `wandql_server` and `wandql_api`. It needs the extra `server`.
"""

from wandql.server.faults import Exchange, Faults
from wandql.testing._async.players import AsyncPlayer, AsyncRecorder
from wandql.testing._sync.players import Player, Recorder
from wandql.testing.server import Server

__all__ = ["AsyncPlayer", "AsyncRecorder", "Exchange", "Faults", "Player", "Recorder", "Server"]
