package dev.rookery.group;

import dev.rookery.base.Limits;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.cache.SharedCounters;
import dev.rookery.cache.SharedCounters.BackOff;
import dev.rookery.group.GroupCommand.NotifyAll;
import java.time.Duration;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Delays a member who sends many notifications to all members of a group: {@link
 * Limits#groupNoticesMax} are free, and each further one waits twice as long as the one before,
 * from 1 to 10 minutes. All are forgotten after an hour without one.
 *
 * <p>Any member may notify all others, and each notification is a row and an event for each of
 * them, so without this one player could fill the database of a large group.
 */
final class NoticeThrottle {
  private final @Nullable SharedCounters shared;
  private final BackOff backOff;

  /**
   * @param shared where notifications are counted; null for no limits
   */
  NoticeThrottle(@Nullable SharedCounters shared, Limits limits) {
    this.shared = shared;
    this.backOff =
        new BackOff(
            limits.groupNoticesMax(),
            Duration.ofMinutes(1),
            Duration.ofMinutes(10),
            Duration.ofHours(1));
  }

  /**
   * Runs an operation that sends a notification to all members and answers how many there are. It
   * counts only if it sends something, and again if it is repeated with its idempotency key. {@code
   * Limited("too_many_notifications")}, without running it, if the member has to wait.
   */
  int send(NotifyAll notify, IntSupplier operation) {
    SharedCounters counters = shared;
    if (counters == null) {
      return operation.getAsInt();
    }
    String key = "group notice:" + notify.group().value() + ":" + notify.player().value();
    long waitMs = counters.tryAttempt(key, backOff).await();
    if (waitMs > 0) {
      throw new Refused(new Refusal.Limited("too_many_notifications", Duration.ofMillis(waitMs)));
    }
    int sent = 0;
    try {
      sent = operation.getAsInt();
    } finally {
      if (sent == 0) {
        counters.takeBack(key).await();
      }
    }
    return sent;
  }
}
