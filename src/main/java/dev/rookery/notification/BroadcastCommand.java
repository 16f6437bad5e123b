package dev.rookery.notification;

import dev.rookery.base.PlayerId;
import dev.rookery.bus.Command;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Notifications of admins to many players. They are sent at a bounded rate, by one node of the
 * cluster at a time; each player gets one once, also if that node dies meanwhile.
 */
public sealed interface BroadcastCommand<R> extends Command<R> {
  String ADDRESS = "broadcast";

  /** How many players can be named. */
  int RECIPIENTS_MAX = 1_000;

  /** How many languages one can be written in, beside its own. */
  int VARIANTS_MAX = 20;

  /** How many may wait or be sent at the same time. */
  int OPEN_MAX = 20;

  /** How far ahead one can be scheduled, in days. */
  int DAYS_AHEAD_MAX = 90;

  /** How many notifications that were read are counted. */
  int COUNTED_MAX = 100_000;

  @Override
  default String address() {
    return ADDRESS;
  }

  /**
   * Sends a notification to many players. A notification of the same sender and title is replaced.
   * {@code Missing("user_not_found")} for the sender, {@code Denied("role_not_grantable")} in the
   * name of an admin with more rights; {@code Conflict("too_many_broadcasts")}; invalid {@code
   * title}, {@code content}, {@code metadata}, {@code variants}, {@code recipients}, {@code
   * starts_at}.
   *
   * @param recipients their ids, if the audience is {@link Broadcast.Audience#PLAYERS}
   * @param startsMs when it begins; null for at once
   * @param delayMs how long it can be cancelled before it begins, if that is not given
   * @param idempotencyKey 1 to 200 characters of the admin's choice, or null
   */
  record Create(
      PlayerId admin,
      PlayerId sender,
      Broadcast.Audience audience,
      List<Long> recipients,
      String title,
      String content,
      Map<String, Object> metadata,
      Map<String, Broadcast.Variant> variants,
      @Nullable Long startsMs,
      long delayMs,
      @Nullable String idempotencyKey)
      implements BroadcastCommand<Broadcast> {}

  /**
   * Ends one that is open; players who got it keep it. Harmless when repeated. {@code
   * Missing("broadcast_not_found")}, {@code Conflict("broadcast_ended")}, {@code
   * Denied("role_not_grantable")} for one of an admin with more rights.
   */
  record Cancel(long broadcast) implements BroadcastCommand<Broadcast> {}

  /** {@code Missing("broadcast_not_found")}. */
  record Find(long broadcast) implements BroadcastCommand<Broadcast> {}

  /**
   * Lists them, the newest first.
   *
   * @param before the id of the last one of the page before; null for the first page
   */
  record ListBroadcasts(@Nullable Long before, int max)
      implements BroadcastCommand<List<Broadcast>> {}

  /** Those that wait or are being sent, the next one first; up to a second old. */
  record ListOpen() implements BroadcastCommand<List<Broadcast>> {}

  /**
   * Counts the notifications of one that are stored and read, up to {@value #COUNTED_MAX}. Those
   * that were deleted or replaced do not count.
   */
  record CountRead(long broadcast) implements BroadcastCommand<Long> {}
}
