package dev.rookery.bus;

import dev.rookery.trace.Span;
import io.vertx.core.Promise;
import org.jspecify.annotations.Nullable;

/**
 * A command that waits for its answer.
 *
 * @see PendingCommands
 */
final class PendingCommand {
  private final Command<?> command;
  private final @Nullable CommandScope scope;
  private final Promise<Object> answer;
  private final long sentNanos;
  private @Nullable Span span;

  /**
   * @param scope null for none
   * @param answer completes on the context of the sender
   */
  PendingCommand(
      Command<?> command, @Nullable CommandScope scope, Promise<Object> answer, long sentNanos) {
    this.command = command;
    this.scope = scope;
    this.answer = answer;
    this.sentNanos = sentNanos;
  }

  Command<?> command() {
    return command;
  }

  @Nullable CommandScope scope() {
    return scope;
  }

  Promise<Object> answer() {
    return answer;
  }

  long sentNanos() {
    return sentNanos;
  }

  /** Sets the span of the command in the trace of its sender, before it is sent. */
  void trace(@Nullable Span ofCommand) {
    span = ofCommand;
  }

  /** Null if nobody traces it. */
  @Nullable Span span() {
    return span;
  }

  /** For logs: content of commands may be secret. */
  String name() {
    return command.getClass().getSimpleName();
  }
}
