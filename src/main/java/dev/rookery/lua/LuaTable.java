package dev.rookery.lua;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A table of Lua: an array part and a hash part that grow by the rules of Lua 5.1. These rules
 * decide in which order {@code pairs} lists the keys and what {@code #} says of an array with
 * holes, so scripts see here what they see on a Redis.
 *
 * <p>Not for several threads at once, except read-only tables, which never change.
 */
public final class LuaTable {
  private static final Object[] NONE = new Object[0];
  private static final int[] NO_LINKS = new int[0];
  private static final int BYTES_OF_TABLE = 64;
  private static final int BYTES_OF_SLOT = 24;
  private static final int BYTES_OF_NODE = 48;

  private final @Nullable LuaCall owner;

  @Nullable Object[] array = NONE;
  @Nullable Object[] keys = NONE;
  @Nullable Object[] values = NONE;
  private int[] next = NO_LINKS;
  private int lastFree;
  private boolean sharesKeys;

  @Nullable LuaTable metatable;
  boolean readOnly;

  /** The measurement of reachable memory that counted this table last. */
  int mark;

  /** An empty table whose memory no call accounts for. */
  public LuaTable() {
    this(null, 0, 0);
  }

  LuaTable(@Nullable LuaCall owner, int arraySize, int hashSize) {
    this.owner = owner;
    if (owner != null) {
      owner.allocate(BYTES_OF_TABLE);
    }
    if (arraySize > 0) {
      growArray(arraySize);
    }
    if (hashSize > 0) {
      createNodes(hashSize);
    }
  }

  /** Copies a template that never gets new keys of its own before the copy does. */
  private LuaTable(LuaCall owner, LuaTable template) {
    this.owner = owner;
    array = template.array;
    keys = template.keys;
    next = template.next;
    lastFree = template.lastFree;
    values = template.values.clone();
    metatable = template.metatable;
    sharesKeys = true;
  }

  LuaTable copyFor(LuaCall call) {
    return new LuaTable(call, this);
  }

  long estimatedBytes() {
    return BYTES_OF_TABLE
        + (long) array.length * BYTES_OF_SLOT
        + (long) keys.length * BYTES_OF_NODE;
  }

  /** Makes the table read-only, for good. */
  public LuaTable freeze() {
    readOnly = true;
    return this;
  }

  // Reading

  /** Returns the value of a key, without metamethods. */
  public @Nullable Object get(@Nullable Object key) {
    if (key instanceof LuaString s) {
      return get(s);
    }
    if (key instanceof Double d) {
      return get(d.doubleValue());
    }
    if (key == null) {
      return null;
    }
    int i = find(key);
    return i < 0 ? null : values[i];
  }

  /** Returns the value of a string, without metamethods. */
  public @Nullable Object get(LuaString key) {
    if (keys.length == 0) {
      return null;
    }
    int i = key.hashCode() & keys.length - 1;
    int steps = 0;
    do {
      Object k = keys[i];
      if (k == key) {
        account(steps >> 3);
        return values[i];
      }
      if (k instanceof LuaString s && s.sameAs(key)) {
        account(steps + (s.length() >> 5) >> 3);
        return values[i];
      }
      i = next[i];
      steps++;
    } while (i >= 0);
    account(steps >> 3);
    return null;
  }

  /** Accounts for what a look-up costs beyond the usual: long chains and long keys. */
  private void account(int work) {
    if (work > 0 && owner != null) {
      owner.work(work);
    }
  }

  /** Returns the value of a string, without metamethods. */
  public @Nullable Object get(String key) {
    return get(LuaString.of(key));
  }

  /** Returns the value of an index, without metamethods. */
  public @Nullable Object get(int key) {
    int i = key - 1;
    if (i >= 0 && i < array.length) {
      return array[i];
    }
    return keys.length == 0 ? null : getFromHash(key);
  }

  @Nullable Object get(double key) {
    int k = (int) key;
    return k == key ? get(k) : getFromHash(key);
  }

  private @Nullable Object getFromHash(double key) {
    int i = findNumber(key);
    return i < 0 ? null : values[i];
  }

  private int findNumber(double key) {
    if (keys.length == 0) {
      return -1;
    }
    int i = positionOf(key);
    int steps = 0;
    do {
      if (keys[i] instanceof Double d && d == key) {
        account(steps >> 3);
        return i;
      }
      i = next[i];
      steps++;
    } while (i >= 0);
    account(steps >> 3);
    return -1;
  }

  private int find(Object key) {
    if (keys.length == 0) {
      return -1;
    }
    if (key instanceof Double d) {
      return findNumber(d);
    }
    int i = mainPosition(key);
    do {
      Object k = keys[i];
      if (k == key || k != null && k.equals(key)) {
        return i;
      }
      i = next[i];
    } while (i >= 0);
    return -1;
  }

  /** Returns a border as {@code #} does: the last index before a nil. */
  public int length() {
    int j = array.length;
    if (j > 0 && array[j - 1] == null) {
      int i = 0;
      while (j - i > 1) {
        int m = (i + j) >>> 1;
        if (array[m - 1] == null) {
          j = m;
        } else {
          i = m;
        }
      }
      return i;
    }
    return keys.length == 0 ? j : searchBorder(j);
  }

  private int searchBorder(int start) {
    long i = start;
    long j = i + 1;
    while (get((double) j) != null) {
      i = j;
      j *= 2;
      if (j > Integer.MAX_VALUE) {
        i = 1;
        while (get((double) i) != null) {
          i++;
        }
        return (int) i - 1;
      }
    }
    while (j - i > 1) {
      long m = (i + j) / 2;
      if (get((double) m) == null) {
        j = m;
      } else {
        i = m;
      }
    }
    return (int) i;
  }

  // Iterating: a position is -1 before the first entry, then counts array slots, then nodes.

  /** Returns the position of the first entry behind a position, or -1 after the last one. */
  public int nextPosition(int position) {
    int i = position + 1;
    for (; i < array.length; i++) {
      if (array[i] != null) {
        return i;
      }
    }
    for (int n = i - array.length; n < values.length; n++) {
      if (values[n] != null) {
        return n + array.length;
      }
    }
    return -1;
  }

  int capacity() {
    return array.length + keys.length;
  }

  /** Returns the key at a position that {@link #nextPosition} returned. */
  public Object keyAt(int position) {
    if (position < array.length) {
      return LuaNumber.of(position + 1);
    }
    Object key = keys[position - array.length];
    if (key == null) {
      throw new IllegalArgumentException("no entry at position " + position);
    }
    return key;
  }

  /** Returns the value at a position that {@link #nextPosition} returned. */
  public @Nullable Object valueAt(int position) {
    return position < array.length ? array[position] : values[position - array.length];
  }

  /** Returns the position of a key, -1 for nil, or -2 where the table has no such key. */
  int positionOfKey(@Nullable Object key) {
    if (key == null) {
      return -1;
    }
    if (key instanceof Double d) {
      int k = (int) d.doubleValue();
      if (k == d && k > 0 && k <= array.length) {
        return k - 1;
      }
    }
    int i = find(key);
    return i < 0 ? -2 : array.length + i;
  }

  // Writing

  /** Sets the value of a key, without metamethods. */
  public void set(Object key, @Nullable Object value) {
    if (key instanceof LuaString s) {
      set(s, value);
    } else if (key instanceof Double d) {
      set(d.doubleValue(), value, d);
    } else {
      int i = find(key);
      if (i >= 0) {
        values[i] = value;
      } else {
        insert(key, value);
      }
    }
  }

  /** Sets the value of a string, without metamethods. */
  public void set(LuaString key, @Nullable Object value) {
    if (keys.length != 0) {
      int i = key.hashCode() & keys.length - 1;
      int steps = 0;
      do {
        Object k = keys[i];
        if (k == key || k instanceof LuaString s && s.sameAs(key)) {
          values[i] = value;
          account(steps + (key.length() >> 5) >> 3);
          return;
        }
        i = next[i];
        steps++;
      } while (i >= 0);
      account(steps >> 3);
    }
    // A nil gets a node, too, as in Lua: the order of later keys depends on it.
    insert(key, value);
  }

  /** Sets the value of a string, without metamethods. */
  public void set(String key, @Nullable Object value) {
    set(LuaString.of(key), value);
  }

  /** Sets the value of an index, without metamethods. */
  public void set(int key, @Nullable Object value) {
    int i = key - 1;
    if (i >= 0 && i < array.length) {
      array[i] = value;
    } else {
      setInHash(key, value, null);
    }
  }

  private void set(double key, @Nullable Object value, Double boxed) {
    int i = (int) key - 1;
    if (i >= 0 && i < array.length && i + 1 == key) {
      array[i] = value;
    } else {
      setInHash(key, value, boxed);
    }
  }

  private void setInHash(double key, @Nullable Object value, @Nullable Double boxed) {
    int i = findNumber(key);
    if (i >= 0) {
      values[i] = value;
    } else {
      insert(boxed == null || key == 0 ? LuaNumber.of(key == 0 ? 0 : key) : boxed, value);
    }
  }

  private void insert(Object key, @Nullable Object value) {
    if (sharesKeys) {
      keys = keys.clone();
      next = next.clone();
      sharesKeys = false;
    }
    if (keys.length == 0) {
      rehash(key);
      set(key, value);
      return;
    }
    int main = mainPosition(key);
    if (values[main] != null) {
      int free = freePosition();
      if (free < 0) {
        rehash(key);
        set(key, value);
        return;
      }
      Object colliding = keys[main];
      int other = colliding == null ? main : mainPosition(colliding);
      if (other != main) {
        int steps = 0;
        while (next[other] != main) {
          other = next[other];
          steps++;
        }
        account(steps >> 3);
        next[other] = free;
        keys[free] = colliding;
        values[free] = values[main];
        next[free] = next[main];
        next[main] = -1;
        values[main] = null;
      } else {
        next[free] = next[main];
        next[main] = free;
        main = free;
      }
    }
    keys[main] = key;
    values[main] = value;
  }

  private int freePosition() {
    while (lastFree-- > 0) {
      if (keys[lastFree] == null) {
        return lastFree;
      }
    }
    return -1;
  }

  private int mainPosition(Object key) {
    return switch (key) {
      case LuaString s -> s.hashCode() & keys.length - 1;
      case Double d -> positionOf(d);
      case Boolean b -> (b ? 1 : 0) & keys.length - 1;
      case LuaUserdata _ -> 0;
      default -> Integer.remainderUnsigned(System.identityHashCode(key), keys.length - 1 | 1);
    };
  }

  private int positionOf(double key) {
    if (key == 0) {
      return 0;
    }
    long bits = Double.doubleToRawLongBits(key);
    return Integer.remainderUnsigned((int) bits + (int) (bits >>> 32), keys.length - 1 | 1);
  }

  // Growing

  private void createNodes(int size) {
    if (size == 0) {
      keys = NONE;
      values = NONE;
      next = NO_LINKS;
      lastFree = 0;
      return;
    }
    int bits = TableSizes.ceilLog2(size);
    if (bits > TableSizes.MAX_BITS) {
      throw new LuaError("table overflow");
    }
    int capacity = 1 << bits;
    if (owner != null) {
      owner.allocate((long) capacity * BYTES_OF_NODE);
    }
    keys = new Object[capacity];
    values = new Object[capacity];
    next = new int[capacity];
    Arrays.fill(next, -1);
    lastFree = capacity;
  }

  private void growArray(int size) {
    if (owner != null) {
      owner.allocate((long) (size - array.length) * BYTES_OF_SLOT);
    }
    array = Arrays.copyOf(array, size);
  }

  private void rehash(Object extra) {
    TableSizes sizes = new TableSizes();
    sizes.addArray(array);
    for (int i = keys.length - 1; i >= 0; i--) {
      Object key = keys[i];
      if (values[i] != null && key != null) {
        sizes.add(key);
      }
    }
    sizes.add(extra);
    sizes.compute();
    resize(sizes.array(), sizes.hash());
  }

  private void resize(int arraySize, int hashSize) {
    // A table that is exactly full moves all its entries for each new key.
    account(keys.length + array.length >> 4);
    @Nullable Object[] oldArray = array;
    @Nullable Object[] oldKeys = keys;
    @Nullable Object[] oldValues = values;
    if (arraySize > array.length) {
      growArray(arraySize);
    }
    createNodes(hashSize);
    if (arraySize < oldArray.length) {
      array = Arrays.copyOf(oldArray, arraySize);
      for (int i = arraySize; i < oldArray.length; i++) {
        if (oldArray[i] != null) {
          set(i + 1, oldArray[i]);
        }
      }
    }
    for (int i = oldKeys.length - 1; i >= 0; i--) {
      Object key = oldKeys[i];
      if (oldValues[i] != null && key != null) {
        set(key, oldValues[i]);
      }
    }
  }

  /** Makes room for indexes up to the size, as a constructor does before it stores its list. */
  void ensureArray(int size) {
    if (size > array.length) {
      resize(size, keys.length);
    }
  }
}
