package dev.rookery.protocol.gamend;

import dev.rookery.base.PlayerId;
import dev.rookery.extensionhost.CallOutcome;
import dev.rookery.extensionhost.ExtensionHost;
import dev.rookery.extensionhost.ReservedNames;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A call of a function of an extension, over HTTP or a channel (Gamend realtime contract, section
 * 4.4).
 *
 * @param arguments plain JSON values, which may be null
 */
record HookCall(String extension, String function, List<@Nullable Object> arguments) {
  static final String RESERVED = "reserved_hook_name";

  /**
   * Any value that is not an array is the only argument.
   *
   * @param sent whether the client sent arguments at all
   * @param value plain maps and lists
   */
  static List<@Nullable Object> arguments(boolean sent, @Nullable Object value) {
    if (!sent) {
      return List.of();
    }
    return value instanceof List<?> list
        ? Collections.unmodifiableList(new ArrayList<@Nullable Object>(list))
        : Collections.singletonList(value);
  }

  /** The error of a call that returned nothing. */
  static String errorCode(CallOutcome outcome) {
    return switch (outcome) {
      case CallOutcome.Returned _ -> throw new IllegalArgumentException("no error");
      case CallOutcome.Rejected(var reason) -> reason;
      case CallOutcome.Failed(var failure) ->
          switch (failure) {
            case EXTENSION_NOT_FOUND -> "not_found";
            case MISSING_HOOKS_MODULE -> "missing_hooks_module";
            case NOT_IMPLEMENTED -> "not_implemented";
            case TIMEOUT -> "timeout";
            case EXCEPTION, UNENCODABLE -> "unexpected_error";
            case BUSY -> "busy";
          };
    };
  }

  boolean isReserved() {
    return ReservedNames.contains(function);
  }

  Future<CallOutcome> run(ExtensionHost extensions, PlayerId player) {
    return extensions.clientCalls().call(extension, function, arguments, player);
  }
}
