package dev.rookery.group;

import dev.rookery.base.CommittedEvent;
import dev.rookery.base.Event;
import dev.rookery.base.GroupId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Topic;
import dev.rookery.player.Player;
import dev.rookery.player.PlayerEvent;
import dev.rookery.presence.PresenceAudience;
import dev.rookery.presence.PresenceListener;
import dev.rookery.store.Database;
import dev.rookery.store.Placeholders;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Tells the members of groups who follow them when other members come online, go offline or change.
 * The groups are looked up after the commit, for all players who changed at the same time with one
 * statement; each change is one message to all groups of the player.
 *
 * <p>Changes that wait are bounded; beyond that groups are not told, which {@code
 * rookery_group_presence_dropped_total} counts. Clients that need certainty list the members.
 */
public final class GroupPresence implements PresenceListener {
  private final Database database;
  private final Consumer<Event> announce;
  private final PresenceAudience<GroupId> groups;
  private final PresenceStore store = new PresenceStore();

  /**
   * @param announce sends an event that is not stored to its feeds, on all nodes
   */
  public GroupPresence(Database database, MeterRegistry meters, Consumer<Event> announce) {
    this.database = database;
    this.announce = announce;
    this.groups =
        new PresenceAudience<>(
            "groups",
            Counter.builder("rookery.group.presence.dropped")
                .description("Changes of members that the followers of their groups were not told")
                .register(meters));
  }

  /**
   * @param context of the verticle on virtual threads that serves groups
   */
  void start(Context context) {
    groups.start(context, Placeholders.MANY_MAX, players -> store.groups(database, players));
  }

  @Override
  public void onOnline(List<Player> players) {
    players.forEach(
        player -> tell(player.id(), found -> new GroupPresenceEvent.Online(player, found)));
  }

  @Override
  public void onOffline(List<Player> players) {
    players.forEach(
        player -> tell(player.id(), found -> new GroupPresenceEvent.Offline(player, found)));
  }

  /** Is given the events that this node has committed; tells of changed profiles. */
  public void onCommitted(List<CommittedEvent> events) {
    for (CommittedEvent committed : events) {
      if (committed.event() instanceof PlayerEvent.Changed(var player)
          && committed.stream().equals(Topic.player(player.id()))) {
        tell(player.id(), found -> new GroupPresenceEvent.Changed(player, found));
      }
    }
  }

  private void tell(PlayerId player, Function<List<GroupId>, GroupPresenceEvent> event) {
    groups.find(player, found -> announce.accept(event.apply(found)));
  }
}
