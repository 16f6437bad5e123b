package dev.rookery.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import javax.net.SocketFactory;

/**
 * Connects the JDBC driver to a Unix socket, whatever host and port it asks for. The driver makes
 * this from its properties. There is no timeout for reads, as the JDK has none for such sockets.
 */
public final class UnixSocketFactory extends SocketFactory {
  private final String path;

  /** Called by the driver. */
  public UnixSocketFactory(String path) {
    this.path = path;
  }

  @Override
  public Socket createSocket() throws IOException {
    return new UnixSocket(path);
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return connected();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress local, int localPort)
      throws IOException {
    return connected();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return connected();
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
      throws IOException {
    return connected();
  }

  private Socket connected() throws IOException {
    var socket = new UnixSocket(path);
    socket.connect(UnixDomainSocketAddress.of(path), 0);
    return socket;
  }

  /** The calls of {@link Socket} that the driver makes, on a channel. */
  private static final class UnixSocket extends Socket {
    private final String path;
    private final SocketChannel channel;

    UnixSocket(String path) throws IOException {
      this.path = path;
      this.channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    }

    @Override
    public void connect(SocketAddress ignored) throws IOException {
      connect(ignored, 0);
    }

    @Override
    public void connect(SocketAddress ignored, int timeoutMs) throws IOException {
      try {
        channel.connect(UnixDomainSocketAddress.of(path));
      } catch (IOException failure) {
        channel.close();
        throw failure;
      }
    }

    @Override
    public InputStream getInputStream() {
      return Channels.newInputStream(channel);
    }

    @Override
    public OutputStream getOutputStream() {
      return Channels.newOutputStream(channel);
    }

    @Override
    public boolean isConnected() {
      return channel.isConnected();
    }

    @Override
    public boolean isClosed() {
      return !channel.isOpen();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }

    @Override
    public void setTcpNoDelay(boolean on) {}

    @Override
    public void setKeepAlive(boolean on) {}

    @Override
    public void setSoTimeout(int timeoutMs) {}

    @Override
    public int getSoTimeout() {
      return 0;
    }

    @Override
    public int getSendBufferSize() {
      return bufferSize(StandardSocketOptions.SO_SNDBUF);
    }

    @Override
    public int getReceiveBufferSize() {
      return bufferSize(StandardSocketOptions.SO_RCVBUF);
    }

    @Override
    public void setSendBufferSize(int size) {}

    @Override
    public void setReceiveBufferSize(int size) {}

    private int bufferSize(java.net.SocketOption<Integer> option) {
      try {
        return channel.getOption(option);
      } catch (IOException _) {
        return 8_192;
      }
    }
  }
}
