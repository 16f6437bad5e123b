package dev.rookery.extension;

import io.vertx.core.json.JsonArray;
import org.jspecify.annotations.Nullable;

/** One call of a function. */
public interface RpcCall {
  /** The name under which the function was called. */
  String function();

  /** The arguments as the client sent them. */
  JsonArray arguments();

  /**
   * An argument, converted.
   *
   * @param index from 0
   * @param type a type that {@link ExtensionContext#json} reads: a record, a number, a string …
   * @return null if the client sent null
   * @throws RpcException {@code invalid_argument} if it is missing or does not fit
   */
  <T> @Nullable T argument(int index, Class<T> type);

  /** The player who calls. */
  Caller caller();
}
