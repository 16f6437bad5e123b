package dev.rookery.match;

import dev.rookery.base.Refused;
import dev.rookery.bus.Done;
import dev.rookery.match.ProfileChangeCommand.ParkedPage;
import dev.rookery.match.ProfileChangeCommand.ParkedProfileChange;
import dev.rookery.store.Database;
import io.micrometer.core.instrument.Counter;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers {@link ProfileChangeCommand}. Thread-safe; blocks virtual threads. */
final class ParkedProfileChanges {
  private static final Logger LOG = LoggerFactory.getLogger(ParkedProfileChanges.class);

  private final Database database;
  private final boolean profilesOutside;
  private final ProfileCallStore store = new ProfileCallStore();
  private final Counter retried;
  private final Counter dropped;

  /**
   * @param profilesOutside whether a control plane keeps the profiles
   */
  ParkedProfileChanges(Database database, boolean profilesOutside) {
    this.database = database;
    this.profilesOutside = profilesOutside;
    this.retried = counter(database, "retried");
    this.dropped = counter(database, "dropped");
  }

  /** What became of changes: {@code parked}, and then {@code retried} or {@code dropped}. */
  static Counter counter(Database database, String outcome) {
    return Counter.builder("rookery.matches.profile.parked")
        .description("Changes of profiles that were given up, and what admins did with them")
        .tag("outcome", outcome)
        .register(database.registry());
  }

  Object carryOut(ProfileChangeCommand<?> command) {
    return switch (command) {
      case ProfileChangeCommand.ListParked(var after, var max) -> list(after, max);
      case ProfileChangeCommand.Retry(var id) -> retry(id);
      case ProfileChangeCommand.Drop drop -> drop(drop);
    };
  }

  private ParkedPage list(long after, int max) {
    List<ParkedProfileChange> found = store.parked(database, after, max + 1);
    if (found.size() <= max) {
      return new ParkedPage(found, null);
    }
    List<ParkedProfileChange> page = found.subList(0, max);
    return new ParkedPage(page, page.getLast().id());
  }

  private Done retry(long id) {
    if (!profilesOutside) {
      throw Refused.conflict("no_control_plane");
    }
    database.write(
        tx -> {
          if (!store.unpark(tx, id)) {
            throw Refused.missing("not_found");
          }
          return id;
        });
    retried.increment();
    return Done.DONE;
  }

  private Done drop(ProfileChangeCommand.Drop drop) {
    ParkedProfileChange change =
        database.write(
            tx ->
                store.deleteParked(tx, drop.id()).orElseThrow(() -> Refused.missing("not_found")));
    dropped.increment();
    LOG.warn(
        "the parked change {} of room {}, user {}, game {}, is dropped: {}; it was {}",
        change.action(),
        change.room(),
        change.user(),
        change.gameKey(),
        drop.reason(),
        change.delta());
    return Done.DONE;
  }
}
