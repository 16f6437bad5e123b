package dev.rookery.group;

import dev.rookery.base.FatalErrors;
import dev.rookery.base.PlayerId;
import dev.rookery.base.Refused;
import dev.rookery.group.NoticeStore.Notice;
import dev.rookery.notification.NotificationWriter;
import dev.rookery.notification.NotificationWriter.Draft;
import dev.rookery.store.Database;
import dev.rookery.store.Transaction;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores notifications to all members of a group, in bounded steps after the command was answered.
 *
 * <p>What is left to be stored is a row, written with the command and moved on in the transaction
 * of each step. So a notification is stored once for each member, whichever nodes end meanwhile:
 * the node that answered starts at once, and a periodic job of the cluster goes on with what that
 * node left.
 */
final class GroupNotices {
  private static final Logger LOG = LoggerFactory.getLogger(GroupNotices.class);

  private static final int MEMBERS_PER_STEP = 256;

  private final Database database;
  private final NoticeStore store;
  private final NotificationWriter notifications;
  private final Counter stored;
  private final AtomicBoolean running = new AtomicBoolean();
  private final AtomicBoolean asked = new AtomicBoolean();

  GroupNotices(
      Database database,
      NoticeStore store,
      NotificationWriter notifications,
      MeterRegistry meters) {
    this.database = database;
    this.store = store;
    this.notifications = notifications;
    this.stored =
        Counter.builder("rookery.group.notices")
            .description("Notifications that were stored for members of a group")
            .register(meters);
  }

  /** Stores what there is to store. Returns at once if another thread of this node is doing so. */
  void run() {
    asked.set(true);
    while (asked.get() && running.compareAndSet(false, true)) {
      try {
        asked.set(false);
        while (database.write(this::step)) {
          // Until nothing is left.
        }
      } finally {
        running.set(false);
      }
    }
  }

  /** As {@link #run}; a failure is logged, and the periodic job tries again. */
  void runAndLog() {
    try {
      run();
    } catch (Refused unavailable) {
      LOG.debug("notifications to groups wait for the database", unavailable);
    } catch (RuntimeException | Error failure) {
      FatalErrors.endIfFatal(failure);
      LOG.error("storing notifications to a group failed", failure);
    }
  }

  private boolean step(Transaction tx) {
    Optional<Notice> next = store.lockNext(tx);
    if (next.isEmpty()) {
      return false;
    }
    Notice notice = next.get();
    List<PlayerId> members = store.members(tx, notice, MEMBERS_PER_STEP);
    List<Draft> drafts =
        members.stream()
            .filter(member -> !member.equals(notice.sender()))
            .map(
                member ->
                    GroupNotifications.notice(
                        notice.sender(),
                        member,
                        notice.title(),
                        notice.content(),
                        notice.metadata()))
            .toList();
    stored.increment(notifications.putAll(tx, drafts).size());
    if (members.size() < MEMBERS_PER_STEP) {
      store.delete(tx, notice);
    } else {
      store.advance(tx, notice, members.getLast());
    }
    return true;
  }
}
