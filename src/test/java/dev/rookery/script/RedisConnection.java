package dev.rookery.script;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A blocking connection to a Redis that shows replies as they are. */
final class RedisConnection implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;

  RedisConnection(int port) {
    try {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      in = new BufferedInputStream(socket.getInputStream());
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  ScriptResult send(List<byte[]> command) {
    try {
      var request = new ByteArrayOutputStream();
      request.writeBytes(ascii("*" + command.size() + "\r\n"));
      for (byte[] argument : command) {
        request.writeBytes(ascii("$" + argument.length + "\r\n"));
        request.writeBytes(argument);
        request.writeBytes(ascii("\r\n"));
      }
      request.writeTo(socket.getOutputStream());
      return read();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private ScriptResult read() throws IOException {
    byte[] line = line();
    byte[] rest = Arrays.copyOfRange(line, 1, line.length);
    return switch (line[0]) {
      case '+' -> new ScriptResult.Status(rest);
      case '-' -> new ScriptResult.Failed(rest);
      case ':' -> new ScriptResult.Int(Long.parseLong(new String(rest, StandardCharsets.UTF_8)));
      case '$' -> bulk(length(rest));
      case '*' -> array(length(rest));
      default -> throw new IOException("unknown type of reply " + line[0]);
    };
  }

  private static int length(byte[] text) {
    return Integer.parseInt(new String(text, StandardCharsets.UTF_8));
  }

  private ScriptResult bulk(int length) throws IOException {
    if (length < 0) {
      return ScriptResult.Null.NULL;
    }
    byte[] bytes = in.readNBytes(length);
    line();
    return new ScriptResult.Bulk(bytes);
  }

  private ScriptResult array(int length) throws IOException {
    if (length < 0) {
      return ScriptResult.Null.NULL;
    }
    var elements = new ArrayList<ScriptResult>();
    for (int i = 0; i < length; i++) {
      elements.add(read());
    }
    return new ScriptResult.Array(elements);
  }

  private byte[] line() throws IOException {
    var line = new ByteArrayOutputStream();
    int next = in.read();
    while (next != '\r') {
      if (next < 0) {
        throw new EOFException();
      }
      line.write(next);
      next = in.read();
    }
    in.read();
    return line.toByteArray();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }
}
