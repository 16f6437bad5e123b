package dev.rookery.account;

import dev.rookery.auth.AuthCommand;
import dev.rookery.base.PlayerId;
import dev.rookery.bus.Command;
import dev.rookery.bus.Done;
import org.jspecify.annotations.Nullable;

/** What concerns a player in every domain at once. */
public sealed interface AccountCommand<R> extends Command<R> {
  String ADDRESS = "account";

  @Override
  default String address() {
    return ADDRESS;
  }

  /** As {@link AuthCommand.Ban}, and brings the player out of the lobby he is in. */
  record Ban(PlayerId player, PlayerId by, String reason, @Nullable Long untilMs)
      implements AccountCommand<Done> {}

  /** Brings the player out of all he is in, ends his sessions, and removes him. */
  record Delete(PlayerId player) implements AccountCommand<Done> {}
}
