package dev.rookery.friend;

import dev.rookery.base.Event;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.player.Player;
import dev.rookery.presence.PresenceListener;
import dev.rookery.store.Batcher;
import dev.rookery.store.Database;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells players when their friends come online and go offline. The friends are looked up after the
 * players have been answered, so signing in takes no longer with many friends; players who arrive
 * at the same time share a statement. Each change is one message, with the friends who are online.
 *
 * <p>Changes that wait are bounded; beyond that friends are not told, which {@code
 * rookery_friend_presence_dropped_total} counts. Clients that need certainty list their friends.
 */
public final class FriendPresence implements PresenceListener {
  private static final Logger LOG = LoggerFactory.getLogger(FriendPresence.class);

  private static final int AT_ONCE_MAX = 16;

  private final Database database;
  private final Consumer<Event> announce;
  private final Counter announced;
  private final Counter dropped;
  private final FriendStore store = new FriendStore();
  private volatile @Nullable Batcher<PlayerId, List<PlayerId>> lookups;

  /**
   * @param announce sends an event that is not stored to its feeds, on all nodes
   */
  public FriendPresence(Database database, MeterRegistry meters, Consumer<Event> announce) {
    this.database = database;
    this.announce = announce;
    this.announced =
        Counter.builder("rookery.friend.presence.announced")
            .description("Friends who were told that a player came online or went offline")
            .register(meters);
    this.dropped =
        Counter.builder("rookery.friend.presence.dropped")
            .description("Changes of presence that friends were not told about")
            .register(meters);
  }

  /**
   * @param context of the verticle on virtual threads that serves friends
   */
  void start(Context context) {
    lookups = new Batcher<>(context, AT_ONCE_MAX, this::onlineFriends);
  }

  @Override
  public void onOnline(List<Player> players) {
    players.forEach(
        player -> tell(player.id(), friends -> new FriendPresenceEvent.Online(player, friends)));
  }

  @Override
  public void onOffline(List<Player> players) {
    players.forEach(
        player -> tell(player.id(), friends -> new FriendPresenceEvent.Offline(player, friends)));
  }

  /** Tells the friends of a player whose friendships are about to be deleted; waits. */
  void onDeleted(PlayerId player) {
    List<PlayerId> friends =
        store.onlineFriends(database, List.of(player)).getOrDefault(player, List.of());
    if (!friends.isEmpty() && store.isOnline(database, player)) {
      send(new FriendPresenceEvent.Deleted(player, friends), friends);
    }
  }

  private void tell(PlayerId player, Function<List<PlayerId>, FriendPresenceEvent> event) {
    Batcher<PlayerId, List<PlayerId>> started = lookups;
    if (started == null) {
      dropped.increment();
      return;
    }
    started
        .submit(player)
        .onSuccess(
            friends -> {
              if (!friends.isEmpty()) {
                send(event.apply(friends), friends);
              }
            })
        .onFailure(
            failure -> {
              dropped.increment();
              if (!(failure instanceof Refused)) {
                LOG.error("looking up the friends of a player failed", failure);
              }
            });
  }

  private void send(FriendPresenceEvent event, List<PlayerId> friends) {
    announce.accept(event);
    announced.increment(friends.size());
  }

  private List<List<PlayerId>> onlineFriends(List<PlayerId> players) {
    Map<PlayerId, List<PlayerId>> found = store.onlineFriends(database, players);
    return players.stream().map(player -> found.getOrDefault(player, List.of())).toList();
  }
}
