package dev.rookery.transport;

import com.hazelcast.internal.networking.HandlerStatus;
import com.hazelcast.internal.networking.OutboundHandler;
import com.hazelcast.internal.nio.IOUtil;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;

/** Encrypts what a member sends; the last handler before the socket. */
final class LinkEncryptor extends OutboundHandler<ByteBuffer, ByteBuffer> {
  private static final int RECORDS_BUFFERED = 8;

  private final LinkCipher cipher;

  LinkEncryptor(LinkCipher cipher) {
    this.cipher = cipher;
  }

  @Override
  public void handlerAdded() {
    initDstBuffer(RECORDS_BUFFERED * LinkCipher.RECORD_MAX);
  }

  @Override
  public HandlerStatus onWrite() throws GeneralSecurityException {
    IOUtil.compactOrClear(dst);
    try {
      while (src.hasRemaining()) {
        if (!cipher.encrypt(src, dst)) {
          return HandlerStatus.DIRTY;
        }
      }
      return HandlerStatus.CLEAN;
    } finally {
      dst.flip();
    }
  }
}
