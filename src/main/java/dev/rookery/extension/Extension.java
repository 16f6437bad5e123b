package dev.rookery.extension;

/**
 * The entry point of an extension; each version that is loaded has an instance of its own.
 *
 * <p>The class needs a public constructor without parameters. While a version is replaced, the new
 * one is started beside the old one. At one moment all new calls go to the new version; the old one
 * finishes the calls that it has begun and is stopped.
 */
public interface Extension {
  /**
   * Starts this version: registers its functions and prepares what they need. It may block.
   *
   * <p>If it throws or takes longer than {@code extensions.startTimeout}, this version is discarded
   * and the one that runs stays.
   *
   * @param context valid until {@link #stop} has returned
   */
  void start(ExtensionContext context) throws Exception;

  /**
   * Stops this version, after its last call has ended; not called if {@link #start} failed. It may
   * block, for at most {@code extensions.stopTimeout}.
   *
   * <p>Only what the server cannot know must be released here. Timers, verticles, servers, clients
   * and consumers that were created with {@link ExtensionContext#vertx}, tasks of {@link
   * ExtensionContext#executor} and meters of {@link ExtensionContext#meters} end by themselves.
   */
  default void stop() throws Exception {}
}
