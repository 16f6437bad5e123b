package dev.rookery.console;

import dev.rookery.bus.Command;

/**
 * Tickets with which a page of the console opens its socket. A ticket is valid for 30 s, on every
 * node, and once.
 */
public sealed interface TicketCommand<R> extends Command<R> {
  String ADDRESS = "console.tickets";

  @Override
  default String address() {
    return ADDRESS;
  }

  /**
   * Makes a ticket, of 128 random bits.
   *
   * @param session the id of the console session that may use it
   */
  record Issue(String session) implements TicketCommand<String> {}

  /** Uses up a ticket; answers whether it was valid for that session. */
  record Redeem(String ticket, String session) implements TicketCommand<Boolean> {}
}
