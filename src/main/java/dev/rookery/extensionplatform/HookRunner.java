package dev.rookery.extensionplatform;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.bus.Command;
import dev.rookery.extensionhost.CallOutcome;
import dev.rookery.extensionhost.ExtensionHost;
import dev.rookery.extensionhost.HookPoint;
import io.vertx.core.Future;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Runs the hooks of all extensions before a command, and makes of it what they have left. */
final class HookRunner {
  private static final String REJECTED = "hook_rejected";

  private final ExtensionHost extensions;

  HookRunner(ExtensionHost extensions) {
    this.extensions = extensions;
  }

  boolean has(HookPoint point) {
    return extensions.hookCalls().isAny(point);
  }

  /**
   * Runs the hooks before a change; a refusal is {@code Denied("hook_rejected")}.
   *
   * @param command of what the hooks leave of the change
   * @return null if there are no hooks
   */
  <T> @Nullable Future<Command<?>> before(
      HookPoint point, T change, Function<T, Command<?>> command) {
    return run(point, change, command, _ -> new Refusal.Denied(REJECTED));
  }

  /** As {@link #before}; the refusal shows clients the reason that a hook gave. */
  <T> @Nullable Future<Command<?>> beforeWithReason(
      HookPoint point, T change, Function<T, Command<?>> command) {
    return run(
        point, change, command, reason -> new Refusal.Denied(REJECTED, Map.of("reason", reason)));
  }

  @SuppressWarnings("unchecked")
  private <T> @Nullable Future<Command<?>> run(
      HookPoint point,
      T change,
      Function<T, Command<?>> command,
      Function<String, Refusal> refusal) {
    Future<CallOutcome> outcome = extensions.hookCalls().before(point, (Object) change);
    return outcome == null
        ? null
        : outcome.map(
            ended ->
                switch (ended) {
                  case CallOutcome.Returned(var value) -> command.apply((T) value);
                  case CallOutcome.Rejected(var reason) -> throw new Refused(refusal.apply(reason));
                  case CallOutcome.Failed(var failure) ->
                      throw new Refused(
                          refusal.apply(
                              failure == CallOutcome.Failure.TIMEOUT ? "timeout" : "hook_failed"));
                });
  }

  /** The command as it is, where no hook decides about it. */
  static Future<Command<?>> or(Command<?> unchanged, @Nullable Future<Command<?>> decided) {
    return decided == null ? Future.succeededFuture(unchanged) : decided;
  }

  static boolean isMissing(Throwable failure) {
    return failure instanceof Refused refused && refused.refusal() instanceof Refusal.Missing;
  }
}
