package dev.rookery.transport;

import com.hazelcast.internal.networking.HandlerStatus;
import com.hazelcast.internal.networking.InboundHandler;
import com.hazelcast.internal.nio.IOUtil;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;

/** Decrypts what a member receives; the first handler after the socket. */
final class LinkDecryptor extends InboundHandler<ByteBuffer, ByteBuffer> {
  private static final int RECORDS_BUFFERED = 8;

  private final LinkCipher cipher;

  LinkDecryptor(LinkCipher cipher) {
    this.cipher = cipher;
  }

  @Override
  public void handlerAdded() {
    initSrcBuffer(RECORDS_BUFFERED * LinkCipher.RECORD_MAX);
  }

  @Override
  public HandlerStatus onRead() throws GeneralSecurityException {
    src.flip();
    try {
      while (LinkCipher.isComplete(src)) {
        if (!cipher.decrypt(src, dst)) {
          // The packets that are complete are taken first, and then this is called again.
          return HandlerStatus.DIRTY;
        }
      }
      return HandlerStatus.CLEAN;
    } finally {
      IOUtil.compactOrClear(src);
    }
  }
}
