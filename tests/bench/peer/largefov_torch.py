"""PyTorch's share of ../largefov.ts: the same networks, sizes and updates.

    python largefov_torch.py '{"kind": "step", "tf32": "off", "seconds": 10, "sizes": {...}}'

On CUDA if there is a card, else on the CPU. Plain and channels-last layout are
timed by turns; the faster one counts. Prints one line of JSON, as
largefov_case.ts does.
"""
import json
import re
import statistics
import sys
import time

try:
    import torch
    from torch import nn
    from torch.nn import functional as F
except ImportError as error:
    print(json.dumps({"skipped": str(error)}))
    sys.exit()

CLASSES = 21
CHANNELS = [64, 128, 256, 512, 512]
CONVOLUTIONS = [2, 2, 3, 3, 3]
WARM = 2


class LargeFov(nn.Module):
    """DeepLab-LargeFOV on VGG-16, output stride 8; lib/net/largefov.ts."""

    def __init__(self, network, head):
        super().__init__()
        layers, before = [], 3
        for block, count in enumerate(CONVOLUTIONS):
            wide = max(8, round(network["width"] * CHANNELS[block] / 8) * 8)
            wide = min(network["maxChannels"], wide)
            rate = 2 if block == 4 else 1
            for _ in range(count):
                layers += [nn.Conv2d(before, wide, 3, 1, rate, rate), nn.ReLU(True)]
                before = wide
            layers.append(nn.MaxPool2d(3, 2 if block < 3 else 1, 1))
        layers.append(nn.AvgPool2d(3, 1, 1))
        self.features = nn.Sequential(*layers)
        wide, rate = network["fcChannels"], network["fc6Dilation"]
        self.fc6 = nn.Conv2d(before, wide, 3, 1, rate, rate)
        self.fc7 = nn.Conv2d(wide, wide, 1)
        self.fc8 = nn.Conv2d(wide, CLASSES, 1)
        self.drop = nn.Dropout(0.5)
        self.attention = None
        if head == "bcm":
            self.slice_channels(wide)
        for layer in self.modules():
            if isinstance(layer, nn.Conv2d):
                nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")
                nn.init.zeros_(layer.bias)
        nn.init.normal_(self.fc8.weight, std=0.01)

    def slice_channels(self, wide):
        """Each class sees, and masks, its own slice of the channels."""
        sizes = torch.full((CLASSES,), wide // CLASSES)
        sizes[: wide % CLASSES] += 1
        owner = torch.repeat_interleave(torch.arange(CLASSES), sizes)
        mask = F.one_hot(owner, CLASSES).T.float()[:, :, None, None]
        self.register_buffer("mask", mask.contiguous())
        self.register_buffer("spread", mask.transpose(0, 1).contiguous())
        self.attention = nn.Conv2d(wide, 1, 1)
        self.attention_bias = nn.Parameter(torch.zeros(CLASSES))

    def forward(self, x):
        x = self.drop(F.relu(self.fc6(self.features(x)), True))
        x = F.relu(self.fc7(x), True)
        if self.attention is not None:
            rows = self.attention.weight * self.mask
            seen = torch.sigmoid(F.conv2d(x, rows, self.attention_bias))
            x = x * F.conv2d(seen, self.spread)
        return self.fc8(self.drop(x))


def optimizer_of(net):
    """Caffe's rates: biases twice, fc8 ten times; weights alone decay."""
    groups = []
    for name, parameter in net.named_parameters():
        is_bias = name.endswith("bias")
        factor = (10 if name.startswith("fc8") else 1) * (2 if is_bias else 1)
        decay = 0 if is_bias else 0.0005
        groups.append({"params": [parameter], "lr": 1e-6 * factor, "weight_decay": decay})
    return torch.optim.SGD(groups, lr=1e-6, momentum=0.9)


def step_runs(sizes, device):
    """A step of each layout; crops come from the host each time, as ours do."""
    batch, crop = sizes["batch"], sizes["crop"]
    cells = (crop - 1) // 8 + 1
    images = 60 * torch.randn(batch, 3, crop, crop)
    labels = torch.randint(0, CLASSES, (batch, cells, cells))
    if device == "cuda":
        images, labels = images.pin_memory(), labels.pin_memory()

    def run_of(layout):
        net = LargeFov(sizes["network"], "plain").to(device, memory_format=layout).train()
        optimizer = optimizer_of(net)

        def run():
            x = images.to(device, non_blocking=True).to(memory_format=layout)
            y = labels.to(device, non_blocking=True)
            optimizer.zero_grad(set_to_none=True)
            loss = F.cross_entropy(net(x), y)
            loss.backward()
            optimizer.step()
            return loss.item()

        return run

    return {"step": run_of}


def forward_runs(sizes, device):
    picture = 60 * torch.randn(1, 3, sizes["input"], sizes["input"])

    def runs_of(head):
        def run_of(layout):
            net = LargeFov(sizes["network"], head).to(device, memory_format=layout).eval()

            def run():
                with torch.inference_mode():
                    x = picture.to(device).to(memory_format=layout)
                    return net(x).cpu()

            return run

        return run_of

    return {"plain": runs_of("plain"), "bcm": runs_of("bcm")}


def time_by_turns(runs, seconds, device):
    """Medians in ms, warm runs first, of each name and layout."""
    times = {key: [] for key in runs}
    turn, end = 0, float("inf")
    while turn < WARM + 3 or time.perf_counter() < end:
        if turn == WARM:
            end = time.perf_counter() + seconds
        for key, run in runs.items():
            begun = time.perf_counter()
            run()
            if device == "cuda":
                torch.cuda.synchronize()
            if turn >= WARM:
                times[key].append(1000 * (time.perf_counter() - begun))
        turn += 1
    return {key: statistics.median(list_) for key, list_ in times.items()}, turn - WARM


def host_mib():
    try:
        with open("/proc/self/status") as status:
            return int(re.search(r"VmHWM:\s+(\d+) kB", status.read()).group(1)) // 1024
    except OSError:
        return None


def main():
    case = json.loads(sys.argv[1])
    device = "cuda" if torch.cuda.is_available() else "cpu"
    is_tf32 = case["tf32"] == "on"
    if is_tf32 and device == "cpu":
        print(json.dumps({"skipped": "there is no CUDA, and TF32 is of NVIDIA's cards"}))
        return
    torch.manual_seed(1)
    torch.backends.cuda.matmul.allow_tf32 = is_tf32
    torch.backends.cudnn.allow_tf32 = is_tf32
    torch.backends.cudnn.benchmark = True
    makers = (step_runs if case["kind"] == "step" else forward_runs)(case["sizes"], device)
    layouts = {"plain": torch.contiguous_format, "channels last": torch.channels_last}
    best = None
    for title, layout in layouts.items():
        runs = {name: run_of(layout) for name, run_of in makers.items()}
        ms, count = time_by_turns(runs, case["seconds"], device)
        if best is None or sum(ms.values()) < sum(best[1].values()):
            best = (title, ms, count)
        del runs
    title, ms, count = best
    on = torch.cuda.get_device_name() if device == "cuda" else f"CPU, {torch.get_num_threads()} threads"
    detail = f"{torch.__version__} on {on}, {title}"
    print(json.dumps({"detail": detail, "ms": ms, "runs": count, "hostMib": host_mib()}))


main()
