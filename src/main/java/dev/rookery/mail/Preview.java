package dev.rookery.mail;

import io.vertx.core.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where there is no mail server: whoever develops reads letters in the log. In production nothing
 * of a letter is logged, for it may open an account, and sending it fails.
 */
public final class Preview implements Post {
  private static final Logger LOG = LoggerFactory.getLogger(Preview.class);

  private final boolean production;

  public Preview(boolean production) {
    this.production = production;
  }

  @Override
  public Future<Void> send(Letter letter) {
    if (production) {
      return Future.failedFuture(new IllegalStateException("no mail server is configured"));
    }
    LOG.info("mail to {}: {}\n{}", letter.to(), letter.subject(), letter.text());
    return Future.succeededFuture();
  }

  @Override
  public boolean works() {
    return !production;
  }

  @Override
  public boolean delivers() {
    return false;
  }

  @Override
  public void close() {
    // Nothing was opened.
  }
}
