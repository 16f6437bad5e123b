package dev.rookery.sample;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Bus;
import dev.rookery.bus.Command;
import io.vertx.core.Future;
import java.util.stream.Stream;

/** Sends commands, of which some may have been carried out before. Runs on virtual threads. */
final class RepeatableCommands {
  private final Bus bus;

  RepeatableCommands(Bus bus) {
    this.bus = bus;
  }

  <R> R ask(Command<R> command) {
    return bus.ask(command).await();
  }

  /** Sends commands at once, so that their domain carries them out in batches. */
  void askAll(Stream<? extends Command<?>> commands) {
    Future.join(commands.map(bus::ask).toList()).await();
  }

  /** Sends a command that may have been carried out before, or has become impossible. */
  void tryTo(Command<?> command) {
    tryToAll(Stream.of(command));
  }

  /** As {@link #tryTo} and {@link #askAll}. */
  void tryToAll(Stream<? extends Command<?>> commands) {
    Future.join(
            commands
                .map(command -> bus.ask(command).mapEmpty().recover(RepeatableCommands::passOver))
                .toList())
        .await();
  }

  private static Future<Object> passOver(Throwable failure) {
    boolean refused =
        failure instanceof Refused reason
            && !(reason.refusal() instanceof Refusal.Unavailable)
            && !(reason.refusal() instanceof Refusal.Limited);
    return refused ? Future.succeededFuture() : Future.failedFuture(failure);
  }

  /** Whether what the command looks for does not exist. */
  boolean isMissing(Command<?> find) {
    try {
      ask(find);
      return false;
    } catch (Refused refused) {
      if (refused.refusal() instanceof Refusal.Missing) {
        return true;
      }
      throw refused;
    }
  }
}
