package dev.rookery.bus;

import io.vertx.core.Future;
import org.jspecify.annotations.Nullable;

/** Decides about commands of clients before they are sent. */
@FunctionalInterface
public interface CommandInterceptor {
  /**
   * Returns the command to send in place of this one, with an answer of the same type. It may come
   * later, or fail with the reason why the command is not carried out.
   *
   * @return null to send the command as it is, at once
   */
  @Nullable Future<? extends Command<?>> before(Command<?> command);
}
