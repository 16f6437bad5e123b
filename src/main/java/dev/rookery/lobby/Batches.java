package dev.rookery.lobby;

import dev.rookery.base.PlayerId;
import dev.rookery.lobby.Batched.Outcome;
import dev.rookery.player.Players;
import dev.rookery.store.Batcher;
import dev.rookery.store.Database;
import dev.rookery.store.Placeholders;
import dev.rookery.store.StatementException;
import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/** What players do with lobbies at the same time shares statements and one wait for the disk. */
final class Batches {
  private final Database database;
  private final BatchStore rows = new BatchStore();
  private final Players players;
  private final LongSupplier run;
  private final Batcher<Batched, Optional<Outcome>> together;

  /**
   * @param context of the verticle on virtual threads that serves the commands
   * @param run the present run of the node
   */
  Batches(Context context, Database database, Players players, LongSupplier run) {
    this.database = database;
    this.players = players;
    this.run = run;
    this.together = new Batcher<>(context, Placeholders.MANY_MAX, this::doAll);
  }

  /**
   * Parks the calling virtual thread until it is done. Empty, and nothing changed, if something was
   * in the way: then it is to be done alone, where one hears what.
   */
  Optional<Outcome> share(Batched one) {
    return together.ask(one);
  }

  private List<Optional<Outcome>> doAll(List<Batched> all) {
    var chosen = new LinkedHashMap<PlayerId, Batched>();
    all.forEach(one -> chosen.putIfAbsent(one.player(), one));
    Map<PlayerId, Outcome> done = done(chosen);
    var answers = new ArrayList<Optional<Outcome>>(all.size());
    for (Batched one : all) {
      boolean mine = chosen.get(one.player()) == one;
      answers.add(mine ? Optional.ofNullable(done.get(one.player())) : Optional.empty());
    }
    return answers;
  }

  /** A statement that fails for one fails for all; alone, it fails for him only. */
  private Map<PlayerId, Outcome> done(Map<PlayerId, Batched> chosen) {
    try {
      return database.write(
          tx -> new Batch(tx, rows, players).carryOut(chosen.values(), run.getAsLong()));
    } catch (StatementException _) {
      return Map.of();
    }
  }
}
