package dev.rookery.match;

import dev.rookery.base.Refused;
import dev.rookery.game.Game;
import dev.rookery.game.GameAction;
import dev.rookery.game.GameSession;
import dev.rookery.game.MatchSetup;
import dev.rookery.match.MatchStore.RecordRow;
import dev.rookery.match.MatchStore.SnapshotRow;
import dev.rookery.match.SaveCommand.CapturedMatch;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries out {@link SaveCommand}. Thread-safe; blocks virtual threads. */
final class Saves {
  private static final Logger LOG = LoggerFactory.getLogger(Saves.class);
  private static final String INTERNAL = "internal";

  private final RoomDependencies with;
  private final SaveStore store = new SaveStore();
  private final MatchHistory history;

  Saves(RoomDependencies with) {
    this.with = with;
    this.history =
        new MatchHistory(with.database(), with.stores(), new MatchHistoryStore(), with.games());
  }

  Object carryOut(SaveCommand<?> command) {
    return switch (command) {
      case SaveCommand.Capture(var room) -> capture(room);
      case SaveCommand.StoreSave save -> store(save);
      case SaveCommand.Read(var id) ->
          store.find(with.database(), id).orElseThrow(() -> Refused.missing("unknown_save"));
      case SaveCommand.OpenRoom(var user, var match) -> open(user, match);
    };
  }

  /** Deletes the saves of a user. */
  void forget(String user) {
    with.database()
        .write(
            tx -> {
              store.deleteOf(tx, user);
              return true;
            });
  }

  private CapturedMatch capture(String room) {
    try {
      return history.capture(room);
    } catch (DamagedLogException _) {
      throw Refused.conflict("replay_differs");
    }
  }

  private String store(SaveCommand.StoreSave save) {
    if (save.content().length > SaveCommand.BYTES_MAX) {
      throw Refused.invalid("save", "is too large");
    }
    String id = "save_" + with.ids().uuid();
    with.database()
        .write(
            tx -> {
              store.insert(tx, id, save.user(), save.gameKey(), save.gameVersion(), save.content());
              return true;
            });
    return id;
  }

  private RoomInfo open(String user, CapturedMatch match) {
    Game game =
        with.games()
            .find(match.gameKey(), match.gameVersion())
            .orElseThrow(() -> Refused.conflict("version"));
    // Before the log is repeated, which may take seconds.
    with.requireWithinLimit(with.database(), user);
    Replayed replayed = replay(game, match);
    LobbyRules lobby = LobbyRules.opened(game.info(), user);
    RoomRow row =
        with.newRoom(with.newRoomId(), lobby)
            .continuing(
                match.setup().seed(),
                StartSetup.encode(match.setup()),
                replayed.log.revision(),
                replayed.rows.size());
    with.database()
        .write(
            tx -> {
              with.insertWithinLimit(tx, row);
              with.stores().matches().insertRecords(tx, row.room(), replayed.rows);
              replayed.snapshots.forEach(
                  one -> with.stores().matches().insertSnapshot(tx, row.room(), one));
              return true;
            });
    return lobby.info(row.room(), Set.of());
  }

  /**
   * A client may have written the log, and the code of a game may fail at what was never played.
   */
  private static Replayed replay(Game game, CapturedMatch match) {
    try {
      var replayed = new Replayed(game, match.setup());
      match.log().forEach(replayed::add);
      return replayed;
    } catch (Refused refused) {
      throw refused;
    } catch (RuntimeException broken) {
      LOG.warn("the code of {} fails at the log of a save", match.gameKey(), broken);
      throw Refused.conflict("replay_differs");
    }
  }

  /** The rows of a log that was saved, as this server would have written them. */
  private static final class Replayed {
    private final MatchLog log;
    private final List<RecordRow> rows = new ArrayList<>();
    private final List<SnapshotRow> snapshots = new ArrayList<>();

    Replayed(Game game, MatchSetup setup) {
      this.log = MatchLog.started(game, setup);
    }

    void add(String text) {
      long number = rows.size() + 1L;
      GameSession.Outcome outcome = log.isFull() ? null : repeat(number, text);
      if (!(outcome instanceof GameSession.Outcome.Accepted(var steps, _))) {
        throw Refused.conflict("replay_differs");
      }
      var row =
          new RecordRow(
              number, steps.getFirst().record(), log.revision() + steps.size(), "save:" + number);
      SnapshotRow snapshot = log.dueSnapshot(number);
      if (snapshot != null) {
        snapshots.add(snapshot);
      }
      rows.add(row);
      log.add(row);
    }

    private GameSession.@Nullable Outcome repeat(long number, String text) {
      try {
        var record = new JsonObject(text);
        if (!(record.getValue("at") instanceof Number at)) {
          return null;
        }
        if (INTERNAL.equals(record.getValue("type"))) {
          return log.session().fireTimeout(number, at.longValue());
        }
        String payload = Json.encode(record.getValue("payload"));
        return record.getValue("playerID") instanceof String player
                && record.getValue("event") instanceof String event
                && payload.length() <= MatchCommand.PAYLOAD_MAX
            ? log.session().apply(new GameAction(number, player, event, payload, at.longValue()))
            : null;
      } catch (DecodeException _) {
        return null;
      }
    }
  }
}
