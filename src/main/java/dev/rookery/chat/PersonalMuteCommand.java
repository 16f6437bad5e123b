package dev.rookery.chat;

import dev.rookery.base.PlayerId;
import dev.rookery.bus.Command;
import dev.rookery.bus.Done;
import dev.rookery.notification.PersonalMute;
import dev.rookery.notification.PersonalMutes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What players mute for themselves. What is muted arrives as before, and does not count as unread
 * and notifies no more; nobody else is told.
 */
public sealed interface PersonalMuteCommand<R> extends Command<R> {
  String ADDRESS = "personal_mute";

  @Override
  default String address() {
    return ADDRESS;
  }

  /** All mutes of a player that have not ended, the latest first; at most 200. */
  record ListMutes(PlayerId player) implements PersonalMuteCommand<List<PersonalMute>> {}

  /**
   * Mutes a player or a conversation, in place of an earlier mute of the same. {@code
   * Missing("user_not_found")} for a player, {@code Denied} as in {@link ChatCommand.ListMessages}
   * for a conversation that the player is not in, {@code Conflict("cannot_mute_self")}, {@code
   * Conflict("too_many_mutes")} beyond {@value PersonalMutes#MUTES_MAX}; invalid {@code until} that
   * has passed.
   *
   * @param untilMs null for ever
   */
  record Mute(PlayerId player, PersonalMute.Subject subject, @Nullable Long untilMs)
      implements PersonalMuteCommand<PersonalMute> {}

  /** Harmless if it is not muted. */
  record Unmute(PlayerId player, PersonalMute.Subject subject)
      implements PersonalMuteCommand<Done> {}
}
