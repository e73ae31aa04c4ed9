"""Reading of pprof profiles (profile.proto), with nothing but Python."""

import gzip


def varints(data):
    value = shift = 0
    for byte in data:
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:
            yield value
            value = shift = 0
    assert shift == 0, "a number is cut"


def fields(data):
    """Number and value of each field: an integer, or bytes."""
    at = 0

    def number():
        nonlocal at
        begin = at
        while data[at] >= 0x80:
            at += 1
        at += 1
        return next(varints(data[begin:at]))

    while at < len(data):
        tag = number()
        if tag & 7 == 0:
            yield tag >> 3, number()
        else:
            assert tag & 7 == 2, f"wire type {tag & 7}"
            length = number()
            assert at + length <= len(data), "a field is cut"
            yield tag >> 3, data[at : at + length]
            at += length


def numbers(value):
    """Of a repeated field: packed, or a single one."""
    return [value] if isinstance(value, int) else list(varints(value))


def signed(value):
    return value - (1 << 64) if value >> 63 else value


class Profile:
    """`types`: (type, unit) of each value. `samples`: (stack, labels, values) of each, where a stack
    has (function, file, line) of each frame, the leaf first."""

    def __init__(self, data):
        data = gzip.decompress(data)
        found = {}
        for number, value in fields(data):
            found.setdefault(number, []).append(value)
        texts = [text.decode() for text in found.get(6, [])]
        assert texts and texts[0] == "", "the first string is the empty one"
        self.types = [tuple(texts[dict(fields(t))[i]] for i in (1, 2)) for t in found[1]]
        functions = {}
        for message in found.get(5, []):
            function = dict(fields(message))
            functions[function[1]] = (texts[function.get(2, 0)], texts[function.get(4, 0)])
        locations = {}
        for message in found.get(4, []):
            location = dict(fields(message))
            line = dict(fields(location[4]))
            locations[location[1]] = (*functions[line[1]], line.get(2, 0))
        self.samples = [self._sample(message, texts, locations) for message in found.get(2, [])]

    @staticmethod
    def _sample(message, texts, locations):
        stack, labels, values = [], {}, []
        for number, value in fields(message):
            if number == 1:
                stack += [locations[id] for id in numbers(value)]
            elif number == 2:
                values += [signed(n) for n in numbers(value)]
            elif number == 3:
                label = dict(fields(value))
                labels[texts[label[1]]] = texts[label[2]]
        return tuple(stack), labels, tuple(values)

    def merged(self, nameless_ends=True):
        """Sums of the values by stack, whatever the labels and addresses are. Without nameless ends,
        frames at a stack's root that have neither a function nor a place are left out."""
        sums = {}
        for stack, _, values in self.samples:
            while stack and not nameless_ends and stack[-1] == ("", "", 0):
                stack = stack[:-1]
            sums[stack] = tuple(map(sum, zip(values, sums.get(stack, (0,) * len(values)))))
        return sums
