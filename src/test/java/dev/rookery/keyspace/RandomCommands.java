package dev.rookery.keyspace;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Makes commands from templates. In a template {@code [x]} may be left out, <code>{x|y}</code> is
 * one of several and {@code (x)+} comes once or more; words with a dollar sign are picked from
 * pools.
 */
final class RandomCommands {
  private static final String[] TEMPLATES = {
    "get $s",
    "set $s $v [{nx|xx}] [get] [keepttl]",
    "set $s $v [{nx|xx}] [get] {exat|pxat} $at",
    "set $s $v {ex|px} $after [{nx|xx}] [get]",
    "setnx $s $v",
    "setex $s $after $v",
    "psetex $s $after $v",
    "getset $s $v",
    "getdel $s",
    "getex $s",
    "getex $s {persist|exat $at}",
    "getex $s {ex|px} $after",
    "mget ($any)+",
    "mset ($s $v)+",
    "msetnx ($s $v)+",
    "append $s $v",
    "strlen $s",
    "{getrange|substr} $s $i $i",
    "setrange $s $i $v",
    "{incr|decr} $n",
    "{incrby|decrby} $n $i",
    "incrbyfloat $n $f",
    "setbit $b $i {0|1|$i}",
    "getbit $b $i",
    "bitcount $b [$i $i]",
    "bitpos $b {0|1|$i} [$i [$i]]",
    "bitop {and|or|xor} $b ($b)+",
    "bitop not $b $b",
    "bitfield $b ({get $bt $bo|set $bt $bo $i|incrby $bt $bo $i|overflow {wrap|sat|fail|x}})+",
    "bitfield_ro $b (get $bt $bo)+",
    "bitfield_ro $b set u8 0 1",
    "{hset|hmset} $h ($m $v)+",
    "hsetnx $h $m $v",
    "hget $h $m",
    "hmget $h ($m)+",
    "hdel $h ($m)+",
    "hlen $h",
    "hstrlen $h $m",
    "hexists $h $m",
    "{hkeys|hvals} $h",
    "hgetall $h",
    "hincrby $h $m $i",
    "hincrbyfloat $h $m $ff",
    "hscan $h $c count 1000 [match $g]",
    "hrandfield $h [$cnt [withvalues]]",
    "{lpush|rpush|lpushx|rpushx} $l ($v)+",
    "{lpop|rpop} $l [$i]",
    "llen $l",
    "lindex $l $i",
    "lrange $l $i $i",
    "lset $l $i $v",
    "ltrim $l $i $i",
    "lrem $l $i $v",
    "linsert $l {before|after|x} $v $v",
    "lpos $l $v [rank $i] [count $i] [maxlen $i]",
    "rpoplpush $l $l",
    "lmove $l $l {left|right} {left|right|x}",
    "sadd $t ($m)+",
    "srem $t ($m)+",
    "scard $t",
    "sismember $t $m",
    "smismember $t ($m)+",
    "smembers $t",
    "spop $t [$i]",
    "srandmember $t [$cnt]",
    "smove $t $t $m",
    "{sunion|sinter|sdiff} ($t)+",
    "{sunionstore|sinterstore|sdiffstore} $t ($t)+",
    "sscan $t $c count 1000 [match $g]",
    "zadd $z [{nx|xx}] [{gt|lt}] [ch] ($f $m)+",
    "zadd $z [{nx|xx}] [{gt|lt}] incr $f $m",
    "zadd $z ($f $m)+",
    "zincrby $z $f $m",
    "zrem $z ($m)+",
    "zscore $z $m",
    "zmscore $z ($m)+",
    "zcard $z",
    "{zrank|zrevrank} $z $m",
    "{zpopmin|zpopmax} $z [$i]",
    "zrandmember $z [$cnt [withscores]]",
    "{zrange|zrevrange} $z $i $i [withscores]",
    "zrange $z $sr $sr byscore [rev] [limit $i $i] [withscores]",
    "zrange $y $lr $lr bylex [rev] [limit $i $i]",
    "zrange $z $i $i [rev] [limit $i $i]",
    "zrangestore $z $z $i $i [rev]",
    "zrangestore $z $z $sr $sr byscore [rev] [limit $i $i]",
    "{zrangebyscore|zrevrangebyscore} $z $sr $sr [withscores] [limit $i $i]",
    "{zrangebylex|zrevrangebylex} $y $lr $lr [limit $i $i] [withscores]",
    "zcount $z $sr $sr",
    "zlexcount $y $lr $lr",
    "zremrangebyrank $z $i $i",
    "zremrangebyscore $z $sr $sr",
    "zremrangebylex $y $lr $lr",
    "zadd $y (0 $m)+",
    "{zunion|zinter|zdiff} 2 $zt $zt [weights $f $f] [aggregate {sum|min|max}] [withscores]",
    "{zunionstore|zinterstore|zdiffstore} $z $i ($zt)+ [weights ($f)+] [aggregate {sum|min|x}]",
    "{zunionstore|zinterstore} $z 3 $zt $zt $zt [weights $f $f $f] [aggregate {sum|min|max}]",
    "{zdiffstore} $z 2 $zt $zt",
    "zscan $z $c count 1000 [match $g]",
    "xadd $x [nomkstream] [maxlen [=] $i] $id ($m $v)+",
    "xadd $x * ($m $v)+",
    "xadd $x [minid [=] $id] [limit $i] $id ($m $v)+",
    "xlen $x",
    "xdel $x ($id)+",
    "xtrim $x {maxlen|minid} [=] $i [limit $i]",
    "xrange $x $xr $xr [count $i]",
    "xrevrange $x $xr $xr [count $i]",
    "{del|unlink} ($any)+",
    "{exists|touch} ($any)+",
    "type $any",
    "{rename|renamenx} $any $any",
    "copy $any $any [db {0|99|-1|x}] [replace]",
    "randomkey",
    "keys $g",
    "{expire|pexpire} $any $after",
    "{expireat|pexpireat} $any $at",
    "{ttl|pttl} $any",
    "persist $any",
    "scan $c count 1000 [match $g] [type {string|hash|zset|list|set|x}]",
    "object foo $any",
    "sort {$l|$t|$z} [limit $i $i] [{asc|desc}] alpha [store $l]",
    "sort {$l|$t|$z} [limit $i $i] [{asc|desc}]",
    "sort $z by nosort [limit $i $i] [{asc|desc}] [get #]",
    "ping [$v]",
    "echo $v",
    "publish channel $v",
    "select {0|-1|99|x}",
    "foo $v $v",
    "type",
    "lpush"
  };

  private static final String[] VALUES = {
    "",
    "a",
    "b",
    "c",
    "abc",
    "1",
    "2",
    "10",
    "-1",
    "0",
    "3.5",
    "1e3",
    " 1",
    "01",
    "x\0y",
    "\u00e4",
    "9223372036854775807",
    "-9223372036854775808",
    "inf",
    "nan",
    "foobar",
    "0.1",
    "1.5"
  };
  private static final String[] MEMBERS = {"a", "b", "c", "d", "1", "2", "30", "ab", ""};
  private static final String[] INTEGERS = {
    "0",
    "1",
    "2",
    "3",
    "4",
    "5",
    "7",
    "8",
    "10",
    "-1",
    "-2",
    "-3",
    "-4",
    "-5",
    "20",
    "100",
    "x",
    "1.5",
    "",
    "9223372036854775807",
    "-9223372036854775807",
    "99999999999999999999"
  };
  private static final String[] COUNTS = {"0", "1", "2", "3", "-1", "-3", "10", "x"};

  /** Options and numbers that a command may meet where it does not expect them. */
  private static final String[] DISTORTIONS = {
    "0",
    "1",
    "2",
    "3",
    "-1",
    "-3",
    "10",
    "x",
    "withscores",
    "limit",
    "nx",
    "XX",
    "gt",
    "ch",
    "incr",
    "count",
    "match",
    "get",
    "ex",
    "px",
    "100000",
    "keepttl",
    "rank",
    "maxlen",
    "rev",
    "byscore",
    "bylex",
    "weights",
    "aggregate",
    "sum",
    "alpha",
    "desc",
    "*",
    "nomkstream",
    "=",
    "minid",
    "99999999999999999999",
    "-9223372036854775808",
    "9223372036854775807",
    "[a",
    "(1",
    "-",
    "+",
    "",
    "overflow",
    "u8",
    "0x10",
    "1e400",
    "0x1p-3",
    "1e-400",
    "#1"
  };

  private static final String[] FLOATS = {
    "0",
    "1",
    "-1",
    "2",
    "3.5",
    "0.1",
    "0.2",
    "-0.3",
    "1e3",
    "1e20",
    "1e-7",
    "123456789012345678",
    "inf",
    "-inf",
    "+5",
    "x",
    "",
    "nan",
    ".5",
    "3.0e0",
    "1e400",
    "0.30000000000000004",
    "5."
  };
  private static final String[] SCORE_BOUNDS = {
    "-inf", "+inf", "inf", "0", "(0", "1", "(1", "2", "3.5", "(3.5", "1000", "x", "(", "", "-1"
  };
  private static final String[] NAME_BOUNDS = {"-", "+", "[a", "(a", "[b", "(c", "[", "(", "a", ""};
  private static final String[] IDS = {
    "1-0",
    "1-1",
    "2",
    "2-5",
    "3-0",
    "5",
    "7-1",
    "0-0",
    "0-1",
    "x",
    "1-x",
    "-",
    "18446744073709551615"
  };
  private static final String[] ID_BOUNDS = {
    "-", "+", "1", "1-1", "(1-1", "(2", "3", "5-0", "x", "("
  };
  private static final String[] GLOBS = {
    "*", "a*", "?", "[a-c]", "[^a]", "*1", "s*", "\\a", "[", "x"
  };
  private static final String[] BIT_TYPES = {
    "u8", "i8", "u4", "i5", "u63", "i64", "u1", "u64", "x"
  };
  private static final String[] BIT_OFFSETS = {"0", "1", "3", "#1", "#2", "17", "-1", "#x", "100"};

  private final Random random;
  private List<String> words = new ArrayList<>();
  private String template = "";
  private int at;

  RandomCommands(Random random) {
    this.random = random;
  }

  String[] next() {
    words = new ArrayList<>();
    template = TEMPLATES[random.nextInt(TEMPLATES.length)];
    at = 0;
    sequence(true);
    // BY and GET of SORT are served with some arguments only.
    if (random.nextInt(10) == 0 && !words.getFirst().equals("sort")) {
      distort();
    }
    return words.toArray(String[]::new);
  }

  /** Removes, adds or replaces an argument. */
  private void distort() {
    int index = random.nextInt(words.size());
    switch (random.nextInt(3)) {
      case 0 -> {
        if (words.size() > 1) {
          words.removeLast();
        }
      }
      case 1 -> {
        // Their further arguments are of Redis 7.0, and other databases are missing here.
        if (!words.getFirst().contains("expire") && !words.getFirst().equals("copy")) {
          words.add(pick(DISTORTIONS));
        }
      }
      default -> {
        if (index > 0
            && !words.getFirst().endsWith("scan")
            && !words.getFirst().equals("copy")
            && !words.getFirst().equals("select")) {
          words.set(index, pick(DISTORTIONS));
        }
      }
    }
  }

  private String pick(String[] pool) {
    return pool[random.nextInt(pool.length)];
  }

  /** Reads up to the end of a group and adds its words if it is taken. */
  private void sequence(boolean taken) {
    while (at < template.length()) {
      char next = template.charAt(at);
      if (next == ']' || next == ')' || next == '}' || next == '|') {
        return;
      }
      at++;
      switch (next) {
        case ' ' -> {
          // Between two words.
        }
        case '[' -> {
          sequence(taken && random.nextInt(3) == 0);
          at++;
        }
        case '(' -> repeated(taken);
        case '{' -> oneOf(taken);
        default -> {
          at--;
          word(taken);
        }
      }
    }
  }

  private void repeated(boolean taken) {
    int start = at;
    int times = 1 + Math.max(0, random.nextInt(5) - 1);
    for (int i = 0; i < times; i++) {
      at = start;
      sequence(taken);
    }
    at += 2;
  }

  private void oneOf(boolean taken) {
    int alternatives = 1;
    int depth = 0;
    for (int i = at; depth >= 0; i++) {
      char next = template.charAt(i);
      depth += next == '{' ? 1 : next == '}' ? -1 : 0;
      alternatives += next == '|' && depth == 0 ? 1 : 0;
    }
    int chosen = random.nextInt(alternatives);
    for (int i = 0; i < alternatives; i++) {
      sequence(taken && i == chosen);
      at++;
    }
  }

  private void word(boolean taken) {
    int end = at;
    while (end < template.length() && " []{}()|".indexOf(template.charAt(end)) < 0) {
      end++;
    }
    String word = template.substring(at, end);
    at = end;
    if (taken) {
      words.add(word.startsWith("$") ? value(word.substring(1)) : word);
    }
  }

  private String value(String pool) {
    String key = key(pool);
    if (key != null) {
      return key;
    }
    return switch (pool) {
      case "v" -> pick(VALUES);
      case "m" -> pick(MEMBERS);
      case "i" -> pick(INTEGERS);
      case "f" -> pick(FLOATS);
      // Redis 6.2.11 keeps an infinite field and then ends itself when somebody reads it.
      case "ff" -> pick(FLOATS).replace("inf", "x");
      case "cnt" -> pick(COUNTS);
      case "sr" -> pick(SCORE_BOUNDS);
      case "lr" -> pick(NAME_BOUNDS);
      case "id" -> pick(IDS);
      case "xr" -> pick(ID_BOUNDS);
      case "g" -> pick(GLOBS);
      case "bt" -> pick(BIT_TYPES);
      case "bo" -> pick(BIT_OFFSETS);
      case "c" -> random.nextInt(10) == 0 ? "x" : "0";
      case "at" -> pick(new String[] {"1", "99999999999", "99999999999999", "0", "-5", "x"});
      case "after" -> pick(new String[] {"99999999", "999999999", "0", "-1", "x"});
      default -> throw new AssertionError(pool);
    };
  }

  private @Nullable String key(String pool) {
    String kinds = "snbhltzyx";
    if (pool.equals("zt")) {
      return key(random.nextBoolean() ? "z" : "t");
    }
    boolean any = pool.equals("any");
    if (!any && (pool.length() != 1 || kinds.indexOf(pool.charAt(0)) < 0)) {
      return null;
    }
    char kind =
        any || random.nextInt(40) == 0
            ? kinds.charAt(random.nextInt(kinds.length()))
            : pool.charAt(0);
    return kind + "" + random.nextInt(3);
  }
}
