package dev.rookery.extension;

/** Follows a change that the server has made. */
@FunctionalInterface
public interface AfterHook<T> {
  /**
   * Handles a change. Runs on a thread of the extension, outside of any transaction, and may block
   * for at most {@code extensions.callTimeout}; nobody waits for it but later changes of the same
   * subject.
   *
   * <p>It runs again with the same {@link Committed#key} after an exception or a timeout, and when
   * the node ends before the server has stored that it ran. So an effect that must happen once is
   * stored together with the key.
   */
  void after(Committed<T> event) throws Exception;
}
