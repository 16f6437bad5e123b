package dev.rookery.extension;

import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * A function whose parameters are not declared, for games that register functions by data. The list
 * of functions shows {@code meta} as it is.
 *
 * @param meta may have {@code description}, {@code args} (objects with {@code name} and {@code
 *     type}) and {@code example_args}; null for none
 */
public record DynamicFunction(String name, @Nullable JsonObject meta, RpcHandler handler) {
  public DynamicFunction {
    meta = meta == null ? null : meta.copy();
  }
}
