package dev.rookery.presence;

import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.store.Batcher;
import io.micrometer.core.instrument.Counter;
import io.vertx.core.Context;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks up who is told of a change of a player: friends, say, or groups. Nobody waits for that;
 * players who change at the same time share a statement. Changes that wait are bounded, and those
 * beyond it, like those whose lookup fails, are dropped and counted. Any thread may call.
 */
public final class PresenceAudience<T> {
  private static final Logger LOG = LoggerFactory.getLogger(PresenceAudience.class);

  private final String name;
  private final Counter dropped;
  private volatile @Nullable Batcher<PlayerId, List<T>> lookups;

  /**
   * @param name in logs
   * @param dropped counts the changes that nobody was told of
   */
  public PresenceAudience(String name, Counter dropped) {
    this.name = name;
    this.dropped = dropped;
  }

  /**
   * Begins to look up; changes from before are dropped.
   *
   * @param context of a verticle on virtual threads
   * @param atOnceMax how many players share a statement
   * @param find those who are told, by player; blocks
   */
  public void start(
      Context context, int atOnceMax, Function<List<PlayerId>, Map<PlayerId, List<T>>> find) {
    lookups =
        new Batcher<>(
            context,
            atOnceMax,
            players -> {
              Map<PlayerId, List<T>> found = find.apply(players);
              return players.stream().map(player -> found.getOrDefault(player, List.of())).toList();
            });
  }

  /**
   * Looks up who is told of a change of a player.
   *
   * @param tell is called with them, unless there are none
   */
  public void find(PlayerId player, Consumer<List<T>> tell) {
    Batcher<PlayerId, List<T>> started = lookups;
    if (started == null) {
      dropped.increment();
      return;
    }
    started
        .submit(player)
        .onSuccess(
            found -> {
              if (!found.isEmpty()) {
                tell.accept(found);
              }
            })
        .onFailure(
            failure -> {
              dropped.increment();
              if (!(failure instanceof Refused)) {
                LOG.error("looking up the {} of a player failed", name, failure);
              }
            });
  }
}
