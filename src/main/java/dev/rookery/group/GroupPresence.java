package dev.rookery.group;

import dev.rookery.base.CommittedEvent;
import dev.rookery.base.Event;
import dev.rookery.base.GroupId;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.base.Topic;
import dev.rookery.player.Player;
import dev.rookery.player.PlayerEvent;
import dev.rookery.presence.PresenceListener;
import dev.rookery.store.Batcher;
import dev.rookery.store.Database;
import dev.rookery.store.Placeholders;
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
 * Tells the members of groups who follow them when other members come online, go offline or change.
 * The groups are looked up after the commit, for all players who changed at the same time with one
 * statement; each change is one message to all groups of the player.
 *
 * <p>Changes that wait are bounded; beyond that groups are not told, which {@code
 * rookery_group_presence_dropped_total} counts. Clients that need certainty list the members.
 */
public final class GroupPresence implements PresenceListener {
  private static final Logger LOG = LoggerFactory.getLogger(GroupPresence.class);

  private final Database database;
  private final Consumer<Event> announce;
  private final Counter dropped;
  private final PresenceStore store = new PresenceStore();
  private volatile @Nullable Batcher<PlayerId, List<GroupId>> lookups;

  /**
   * @param announce sends an event that is not stored to its feeds, on all nodes
   */
  public GroupPresence(Database database, MeterRegistry meters, Consumer<Event> announce) {
    this.database = database;
    this.announce = announce;
    this.dropped =
        Counter.builder("rookery.group.presence.dropped")
            .description("Changes of members that the followers of their groups were not told")
            .register(meters);
  }

  /**
   * @param context of the verticle on virtual threads that serves groups
   */
  void start(Context context) {
    lookups = new Batcher<>(context, Placeholders.MANY_MAX, this::groups);
  }

  @Override
  public void onOnline(List<Player> players) {
    players.forEach(
        player -> tell(player.id(), groups -> new GroupPresenceEvent.Online(player, groups)));
  }

  @Override
  public void onOffline(List<Player> players) {
    players.forEach(
        player -> tell(player.id(), groups -> new GroupPresenceEvent.Offline(player, groups)));
  }

  /** Is given the events that this node has committed; tells of changed profiles. */
  public void onCommitted(List<CommittedEvent> events) {
    for (CommittedEvent committed : events) {
      if (committed.event() instanceof PlayerEvent.Changed(var player)
          && committed.stream().equals(Topic.player(player.id()))) {
        tell(player.id(), groups -> new GroupPresenceEvent.Changed(player, groups));
      }
    }
  }

  private void tell(PlayerId player, Function<List<GroupId>, GroupPresenceEvent> event) {
    Batcher<PlayerId, List<GroupId>> started = lookups;
    if (started == null) {
      dropped.increment();
      return;
    }
    started
        .submit(player)
        .onSuccess(
            groups -> {
              if (!groups.isEmpty()) {
                announce.accept(event.apply(groups));
              }
            })
        .onFailure(
            failure -> {
              dropped.increment();
              if (!(failure instanceof Refused)) {
                LOG.error("looking up the groups of a player failed", failure);
              }
            });
  }

  private List<List<GroupId>> groups(List<PlayerId> players) {
    Map<PlayerId, List<GroupId>> found = store.groups(database, players);
    return players.stream().map(player -> found.getOrDefault(player, List.of())).toList();
  }
}
