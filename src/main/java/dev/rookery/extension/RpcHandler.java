package dev.rookery.extension;

import org.jspecify.annotations.Nullable;

/** Answers the calls of a function. */
@FunctionalInterface
public interface RpcHandler {
  /**
   * Answers a call. Runs on a thread of the extension and may block; calls run at the same time. A
   * call that takes longer than {@code extensions.callTimeout} is answered with {@code timeout} and
   * interrupted.
   *
   * @return a JSON value, or an object that {@link ExtensionContext#json} maps to one, such as a
   *     record or a list of records; at most 1 MiB of JSON, nested at most 64 deep
   * @throws RpcException to refuse the call
   * @throws Exception anything else is logged, and the client gets {@code unexpected_error}
   */
  @Nullable Object call(RpcCall call) throws Exception;
}
