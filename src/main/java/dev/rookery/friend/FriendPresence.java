package dev.rookery.friend;

import dev.rookery.base.Event;
import dev.rookery.base.PlayerId;
import dev.rookery.player.Player;
import dev.rookery.presence.PresenceAudience;
import dev.rookery.presence.PresenceListener;
import dev.rookery.store.Database;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Tells players when their friends come online and go offline. The friends are looked up after the
 * players have been answered, so signing in takes no longer with many friends; players who arrive
 * at the same time share a statement. Each change is one message, with the friends who are online.
 *
 * <p>Changes that wait are bounded; beyond that friends are not told, which {@code
 * rookery_friend_presence_dropped_total} counts. Clients that need certainty list their friends.
 */
public final class FriendPresence implements PresenceListener {
  private static final int AT_ONCE_MAX = 16;

  private final Database database;
  private final Consumer<Event> announce;
  private final Counter announced;
  private final PresenceAudience<PlayerId> friends;
  private final FriendStore store = new FriendStore();

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
    this.friends =
        new PresenceAudience<>(
            "friends",
            Counter.builder("rookery.friend.presence.dropped")
                .description("Changes of presence that friends were not told about")
                .register(meters));
  }

  /**
   * @param context of the verticle on virtual threads that serves friends
   */
  void start(Context context) {
    friends.start(context, AT_ONCE_MAX, players -> store.onlineFriends(database, players));
  }

  @Override
  public void onOnline(List<Player> players) {
    players.forEach(
        player -> tell(player.id(), found -> new FriendPresenceEvent.Online(player, found)));
  }

  @Override
  public void onOffline(List<Player> players) {
    players.forEach(
        player -> tell(player.id(), found -> new FriendPresenceEvent.Offline(player, found)));
  }

  /** Tells the friends of a player whose friendships are about to be deleted; waits. */
  void onDeleted(PlayerId player) {
    List<PlayerId> online =
        store.onlineFriends(database, List.of(player)).getOrDefault(player, List.of());
    if (!online.isEmpty() && store.isOnline(database, player)) {
      send(new FriendPresenceEvent.Deleted(player, online), online);
    }
  }

  private void tell(PlayerId player, Function<List<PlayerId>, FriendPresenceEvent> event) {
    friends.find(player, found -> send(event.apply(found), found));
  }

  private void send(FriendPresenceEvent event, List<PlayerId> told) {
    announce.accept(event);
    announced.increment(told.size());
  }
}
