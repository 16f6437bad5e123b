package dev.rookery.chat;

import dev.rookery.base.MessageId;
import dev.rookery.base.PlayerId;
import dev.rookery.bus.Command;
import dev.rookery.bus.Done;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reports of players, what admins decide about them, and mutes. */
public sealed interface ModerationCommand<R> extends Command<R> {
  String ADDRESS = "chat_moderation";

  /** How long the text of a report or the reason of a mute may be, in code points. */
  int TEXT_MAX = 500;

  /** How many reports a player may send in a day. */
  int REPORTS_MAX = 30;

  /** How many messages before and after a reported one are shown. */
  int CONTEXT = 20;

  @Override
  default String address() {
    return ADDRESS;
  }

  /**
   * Reports a message that the player can read. Does nothing if the player has reported it before.
   * {@code Missing("not_found")}, {@code Conflict("own_message")}, {@code
   * Limited("too_many_reports")}, invalid {@code text}.
   */
  record Report(PlayerId by, MessageId message, ChatReport.Reason reason, String text)
      implements ModerationCommand<Done> {}

  /**
   * Reports a player. Does nothing if the player has been reported by this one before. {@code
   * Missing("user_not_found")}, {@code Conflict("own_account")}, {@code
   * Limited("too_many_reports")}, invalid {@code text}.
   */
  record ReportPlayer(PlayerId by, PlayerId player, ChatReport.Reason reason, String text)
      implements ModerationCommand<Done> {}

  /**
   * Lists cases, the newest first.
   *
   * @param player null for those of all
   * @param before the id of the last one of the page before; null for the first page
   */
  record ListCases(boolean open, @Nullable PlayerId player, @Nullable Long before, int max)
      implements ModerationCommand<List<ChatCase>> {}

  /** {@code Missing("report_not_found")}. */
  record FindCase(long id) implements ModerationCommand<ChatCase.Details> {}

  /**
   * Closes a case; with {@link ChatCase.Decision#DELETE} the message is deleted, and clients that
   * show it are told. {@code Missing("report_not_found")}, {@code Conflict("report_closed")},
   * {@code Conflict("no_message")}.
   *
   * @param decision not {@link ChatCase.Decision#MUTE}, which {@link Mute} is for
   */
  record Decide(PlayerId admin, long id, ChatCase.Decision decision)
      implements ModerationCommand<Done> {}

  /**
   * Keeps a player from writing messages, in place of an earlier mute. {@code
   * Missing("user_not_found")}, {@code Denied("role_not_grantable")}, invalid {@code reason} or
   * {@code until}.
   *
   * @param untilMs null for ever
   * @param closesCases whether all open cases of the player are closed with it
   */
  record Mute(
      PlayerId admin, PlayerId player, String reason, @Nullable Long untilMs, boolean closesCases)
      implements ModerationCommand<ChatMute> {}

  /** Lets a player write again. {@code Missing("not_muted")}. */
  record Unmute(PlayerId player) implements ModerationCommand<Done> {}

  /**
   * Lists mutes that have not ended, by the id of the player.
   *
   * @param after the last player of the page before; null for the first page
   */
  record ListMutes(@Nullable PlayerId after, int max)
      implements ModerationCommand<List<ChatMute>> {}
}
