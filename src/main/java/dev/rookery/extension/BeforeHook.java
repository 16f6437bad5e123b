package dev.rookery.extension;

/** Decides about a change before the server makes it. */
@FunctionalInterface
public interface BeforeHook<T> {
  /**
   * Returns what the server goes on with: the value it was given, or a changed copy.
   *
   * <p>Runs on a thread of the extension, outside of any transaction, and may block; the client
   * waits meanwhile. The rules of the server apply to the result. An exception, and no answer
   * within {@code extensions.callTimeout}, refuse the change.
   *
   * @throws HookRejectedException to refuse the change
   */
  T before(T change) throws Exception;
}
