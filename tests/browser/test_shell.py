def test_look(open_page, picture):
    for name, kw in {
        "home-phone": dict(path="/", size={"width": 390, "height": 844}),
        "home-desk": dict(path="/"),
        "login-phone": dict(path="/login/", size={"width": 390, "height": 844}),
        "gallery-desk": dict(path="/gallery/", role="street"),
        "gallery-phone": dict(path="/gallery/", role="worker", size={"width": 390, "height": 844}, touch=True),
        "gallery-large": dict(path="/gallery/", role="worker", size={"width": 390, "height": 844}, large=True),
    }.items():
        page = open_page(**kw)
        page.wait_for_timeout(400)
        picture(page, name)
        if "gallery" in name:
            page.screenshot(path=f"/tmp/shell-pics/{name}-top.png")
