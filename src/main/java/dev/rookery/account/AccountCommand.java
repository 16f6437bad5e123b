package dev.rookery.account;

import dev.rookery.base.PlayerId;
import dev.rookery.bus.Command;
import dev.rookery.bus.Done;

/** What concerns a player in every domain at once. */
public sealed interface AccountCommand<R> extends Command<R> {
  String ADDRESS = "account";

  @Override
  default String address() {
    return ADDRESS;
  }

  /** Brings the player out of all he is in, ends his sessions, and removes him. */
  record Delete(PlayerId player) implements AccountCommand<Done> {}
}
