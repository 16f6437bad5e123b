package dev.rookery.webrtc;

import dev.onvoid.webrtc.PeerConnectionFactory;
import dev.onvoid.webrtc.PeerConnectionObserver;
import dev.onvoid.webrtc.RTCConfiguration;
import dev.onvoid.webrtc.RTCPeerConnection;
import dev.onvoid.webrtc.internal.NativeObject;
import dev.onvoid.webrtc.internal.RefCountedObject;
import java.lang.reflect.Field;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection of the native library, whose memory is released when it is closed. The library
 * itself (0.14.0) keeps about 70 KB of each connection for ever: it closes connections and does not
 * give up its reference to them.
 */
final class NativeConnection {
  private static final Logger LOG = LoggerFactory.getLogger(NativeConnection.class);
  private static final @Nullable Field HANDLE = handle();

  private final RTCPeerConnection connection;

  private NativeConnection(RTCPeerConnection connection) {
    this.connection = connection;
  }

  /** Opens a connection; fails if the library has no memory or no socket left. */
  static NativeConnection open(
      PeerConnectionFactory factory,
      RTCConfiguration configuration,
      PeerConnectionObserver observer) {
    RTCPeerConnection opened = factory.createPeerConnection(configuration, observer);
    if (opened == null) {
      throw new IllegalStateException("the library has opened no connection");
    }
    return new NativeConnection(opened);
  }

  private static @Nullable Field handle() {
    try {
      Field field = NativeObject.class.getDeclaredField("nativeHandle");
      field.setAccessible(true);
      return field;
    } catch (ReflectiveOperationException | RuntimeException other) {
      LOG.warn("the memory of closed WebRTC connections cannot be released: {}", other.toString());
      return null;
    }
  }

  RTCPeerConnection get() {
    return connection;
  }

  /** Closes the connection and releases its memory; called once. */
  void close() {
    Field field = HANDLE;
    long address = field == null ? 0 : address(field, connection);
    connection.close();
    if (field != null && address != 0) {
      new Reference(field, address).release();
    }
  }

  private static long address(Field field, NativeObject object) {
    try {
      return field.getLong(object);
    } catch (IllegalAccessException impossible) {
      throw new IllegalStateException("the field is accessible", impossible);
    }
  }

  /** The reference that the library holds of a connection. */
  private static final class Reference extends RefCountedObject {
    Reference(Field field, long address) {
      try {
        field.setLong(this, address);
      } catch (IllegalAccessException impossible) {
        throw new IllegalStateException("the field is accessible", impossible);
      }
    }
  }
}
